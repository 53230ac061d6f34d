//! Who runs the command, as the operating system knows it. The audit keeps it beside what was done.

use std::fs;

/// Such as `user root (0)`; with sudo, also who they were before, as far as the environment says.
pub(super) fn told() -> String {
    let uid = rustix::process::getuid().as_raw();
    let known = fs::read_to_string("/etc/passwd").ok().and_then(|text| name_of(&text, uid));
    let sudo = std::env::var("SUDO_USER").ok().filter(|_| uid == 0).filter(|name| name.chars().all(is_plain));
    let user = known.map_or_else(|| format!("user {uid}"), |name| format!("user {name} ({uid})"));
    sudo.map_or(user.clone(), |name| format!("{user}, sudo by {name}"))
}

fn name_of(text: &str, uid: u32) -> Option<String> {
    let mut lines = text.lines().map(|line| line.split(':').collect::<Vec<_>>());
    let line = lines.find(|fields| fields.get(2).is_some_and(|field| *field == uid.to_string()))?;
    line.first().filter(|name| name.chars().all(is_plain)).map(|name| (*name).to_owned())
}

fn is_plain(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_named_as_the_system_names_them() {
        let text = "root:x:0:0:root:/root:/bin/sh\neva:x:1000:1000::/home/eva:/bin/sh\nb\u{1b}d:x:7:7::/:/";
        assert_eq!(name_of(text, 1000).as_deref(), Some("eva"));
        assert_eq!((name_of(text, 1), name_of(text, 7)), (None, None));
    }
}
