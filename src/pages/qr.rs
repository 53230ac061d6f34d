//! A QR code as one path of a picture: a square a dark dot.

use std::fmt::Write;

use qrcode::{Color, EcLevel, QrCode};

/// How many dots wide the white edge is that readers need (ISO/IEC 18004).
const EDGE: usize = 4;

/// What the picture is drawn from.
pub struct Qr {
    /// Width and height, in dots.
    pub size: usize,
    pub path: String,
}

impl Qr {
    /// The picture of a text; `None` when it is too long for one.
    pub fn of(text: &str) -> Option<Self> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
        let width = code.width();
        let mut path = String::new();
        for (n, dot) in code.to_colors().into_iter().enumerate() {
            if dot == Color::Dark {
                // Writing to a String can't fail.
                let _ = write!(path, "M{} {}h1v1h-1z", n % width + EDGE, n / width + EDGE);
            }
        }
        Some(Self { size: width + 2 * EDGE, path })
    }
}
