//! Makes the files under `static/` ready to be served. Cargo runs it before the crate is built.
//!
//! Joins style sheets and scripts, names every file after its content, compresses it ahead of time, and writes to
//! `OUT_DIR`: `asset_names.rs`, one constant a file for the links, and `asset_files.rs`, the table that
//! `server::assets` serves. The same input gives the same output, byte for byte.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::{env, fs};

/// A file as the browser gets it.
struct Asset {
    name: String,
    content_type: &'static str,
    bytes: Vec<u8>,
}

fn main() -> io::Result<()> {
    writeln!(io::stdout(), "cargo::rerun-if-changed=static\ncargo::rerun-if-changed=build.rs")?;
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("cargo sets OUT_DIR"))?);

    let mut assets = vec![
        joined("app.css", "static/css")?,
        joined("app.js", "static/js/page")?,
        joined("passkey.js", "static/js/passkey")?,
        joined("reveal.js", "static/js/reveal")?,
    ];
    for path in files_in("static")? {
        assets.push(Asset::new(&name_of(&path), fs::read(&path)?)?);
    }

    let (mut names, mut table) = (String::new(), String::from("[\n"));
    for asset in &assets {
        asset.write(&out, &mut names, &mut table)?;
    }
    table.push_str("]\n");
    fs::write(out.join("asset_names.rs"), names)?;
    fs::write(out.join("asset_files.rs"), table)
}

/// One file out of all in a folder. Scripts stand in blocks of their own and style sheets in layers, so that the
/// order matters to one file only: `tokens.css` fixes the order of the layers.
fn joined(name: &str, folder: &str) -> io::Result<Asset> {
    let mut files = files_in(folder)?;
    files.sort_by_key(|path| !path.ends_with("tokens.css"));
    let parts = files.iter().map(fs::read_to_string).collect::<io::Result<Vec<_>>>()?;
    Asset::new(name, parts.join("\n").into_bytes())
}

/// The files that stand directly in a folder, by name.
fn files_in(folder: &str) -> io::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    let mut files: Vec<_> = entries.into_iter().map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    files.sort();
    Ok(files)
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

impl Asset {
    fn new(name: &str, bytes: Vec<u8>) -> io::Result<Self> {
        let content_type = match name.rsplit_once('.').map(|(_, extension)| extension) {
            Some("css") => "text/css; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            Some("svg") => "image/svg+xml; charset=utf-8",
            _ => return Err(io::Error::other(format!("static/{name}: no content type is known for it"))),
        };
        Ok(Self { name: name.to_owned(), content_type, bytes })
    }

    /// Writes the file and what saves bytes of its compressed forms, its constant and its row of the table.
    fn write(&self, out: &Path, names: &mut String, table: &mut String) -> io::Result<()> {
        let Self { name, content_type, bytes } = self;
        let hash = format!("{:016x}", fnv1a(bytes));
        fs::write(out.join(name), bytes)?;
        let br = self.keep_if_smaller(out, "br", &brotli(bytes)?)?;
        let gzip = self.keep_if_smaller(out, "gz", &gzip(bytes)?)?;

        let constant = name.replace(['.', '-'], "_").to_uppercase();
        let doc = format!("/// Where `{name}` of this build stands below `/static/`.");
        writeln!(names, "{doc}\npub const {constant}: &str = \"{hash}/{name}\";").map_err(io::Error::other)?;
        writeln!(
            table,
            "Asset {{ path: \"{hash}/{name}\", hash: \"{hash}\", content_type: \"{content_type}\", \
             identity: include_bytes!(\"{name}\"), br: {br}, gzip: {gzip} }},"
        )
        .map_err(io::Error::other)
    }

    fn keep_if_smaller(&self, out: &Path, extension: &str, compressed: &[u8]) -> io::Result<String> {
        if compressed.len() >= self.bytes.len() {
            return Ok("None".to_owned());
        }
        let name = format!("{}.{extension}", self.name);
        fs::write(out.join(&name), compressed)?;
        Ok(format!("Some(include_bytes!(\"{name}\"))"))
    }
}

/// The 64-bit FNV-1a hash. It only has to change with the content; nobody gains by making two files collide.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

fn brotli(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut compressed = Vec::new();
    let params = brotli::enc::BrotliEncoderParams::default();
    brotli::BrotliCompress(&mut &*bytes, &mut compressed, &params)?;
    Ok(compressed)
}

fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    // The header holds no time and no name, or two builds would differ.
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}
