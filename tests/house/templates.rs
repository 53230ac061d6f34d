//! What may not stand in a template, and that each template belongs to a page.

use super::tokens::{Kind, tokens};
use super::tree::{File, Tree};
use crate::holds;

/// Values that reach the page unescaped.
fn unescaped(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for file in tree.templates() {
        for (at, inside) in askama_parts(&file.text) {
            let packed: String = inside.split_whitespace().collect();
            let is_open = packed.ends_with("|safe")
                || packed.contains("filtersafe")
                || ["|safe|", "|safe)", "|safe-", "|e(\"none\"", "|escape(\"none\""].iter().any(|s| packed.contains(s));
            if is_open {
                found.push(file.breach(line_of(&file.text, at), "is not escaped; give the template a typed value"));
            }
        }
    }
    found
}

/// The page of which a password is copied, character for character.
const COPIED: &str = "templates/operations/characters.html";

/// Values of forms that would not come back as they are, because hidden characters are spelt out in them, and texts in
/// which those stay hidden, because they are written as if they came back.
fn exact_values(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for file in tree.templates().filter(|file| file.ending() == "html") {
        let html = without_askama(&file.text);
        for (at, piece) in pieces(&file.text).into_iter().filter(|(_, piece)| piece.starts_with("{{")) {
            let is_exact = piece.contains("|e(\"exact\")");
            let comes_back = comes_back(&html[..at]);
            if comes_back && !is_exact {
                found.push(
                    file.breach(line_of(&file.text, at), "comes back with the form; write it with `|e(\"exact\")`"),
                );
            }
            if is_exact && !comes_back && file.path != COPIED {
                found.push(file.breach(line_of(&file.text, at), "is only read; write it without `|e(\"exact\")`"));
            }
        }
    }
    found
}

/// Whether what follows is sent back: the name or value of a field, the text of a large one, or what a script compares
/// with a value.
fn comes_back(before: &str) -> bool {
    let tag = before.rfind('<').map_or("", |at| &before[at..]);
    if tag.contains('>') {
        return tag.starts_with("<textarea");
    }
    let attribute = tag.rsplit_once("=\"").map_or("", |(name, _)| name.rsplit([' ', '\n']).next().unwrap_or_default());
    matches!(attribute, "name" | "value" | "data-search")
}

/// Scripts, styles and handlers that stand in the page itself; the content security policy would refuse them.
pub fn inline(tree: &Tree) -> Vec<String> {
    tree.templates().flat_map(inline_of).collect()
}

fn inline_of(file: &File) -> Vec<String> {
    let html = without_askama(&file.text);
    let mut found = Vec::new();
    let mut breach = |at: usize, what: &str| found.push(file.breach(line_of(&html, at), what));
    let mut at = 0;
    while let Some(step) = html[at..].find('<') {
        let start = at + step;
        let (name, attributes, end) = read_tag(&html, start + 1);
        for (at, attribute) in attributes {
            if attribute == "style" || attribute.starts_with("on") {
                breach(at, &format!("has `{attribute}=`; use a class, or a module in static/js"));
            }
        }
        if name == "style" {
            breach(start, "has an inline `<style>`; put it into static/css");
        }
        let content = html[end..].split("</").next().unwrap_or_default();
        if name == "script" && !content.trim().is_empty() {
            breach(start, "has an inline `<script>`; put it into static/js");
        }
        at = end;
    }
    found
}

type Attributes = Vec<(usize, String)>;

/// The name of the tag that begins at `at`, its attributes with their places, and where it ends.
fn read_tag(html: &str, at: usize) -> (String, Attributes, usize) {
    let name_end = skip(html, at, |c| c.is_ascii_alphanumeric());
    let name = html[at..name_end].to_ascii_lowercase();
    let (mut attributes, mut at) = (Vec::new(), name_end);
    if name.is_empty() {
        return (name, attributes, at);
    }
    loop {
        at = skip(html, at, |c| c.is_whitespace() || c == '/');
        let end = skip(html, at, |c| !c.is_whitespace() && !matches!(c, '=' | '>' | '/'));
        if end == at {
            return (name, attributes, (at + 1).min(html.len()));
        }
        attributes.push((at, html[at..end].to_ascii_lowercase()));
        let equals = skip(html, end, char::is_whitespace);
        at = if html[equals..].starts_with('=') { skip_value(html, equals + 1) } else { end };
    }
}

fn skip_value(html: &str, at: usize) -> usize {
    let at = skip(html, at, char::is_whitespace);
    match html[at..].chars().next() {
        Some(quote @ ('"' | '\'')) => html[at + 1..].find(quote).map_or(html.len(), |length| at + length + 2),
        _ => skip(html, at, |c| !c.is_whitespace() && c != '>'),
    }
}

fn skip(html: &str, at: usize, over: impl Fn(char) -> bool) -> usize {
    html[at..].find(|c| !over(c)).map_or(html.len(), |length| at + length)
}

/// Templates in a folder that no page module shares, and templates that nobody names.
fn without_page(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for file in tree.templates() {
        let name = file.below("templates").unwrap_or_default();
        if let Some((folder, _)) = name.rsplit_once('/')
            && !tree.0.iter().any(|other| is_page_of(other, folder))
        {
            found.push(file.breach(1, &format!("has no twin; spell the feature alike: src/pages/{folder}")));
        }
        let is_named =
            tree.code().any(|other| tokens(&other.text).iter().any(|t| t.kind == Kind::Text && t.text == name))
                || tree.templates().any(|other| other.path != file.path && other.text.contains(&format!("\"{name}\"")));
        if !is_named {
            found.push(file.breach(1, "is used by no page and no other template; delete it"));
        }
    }
    found
}

fn is_page_of(file: &File, folder: &str) -> bool {
    let twin = format!("src/pages/{folder}");
    file.below(&twin).is_some() || file.path == format!("{twin}.rs")
}

/// The insides of `{{ … }}` and `{% … %}` and where they begin.
fn askama_parts(text: &str) -> Vec<(usize, &str)> {
    pieces(text)
        .into_iter()
        .filter(|&(_, piece)| !piece.starts_with("{#"))
        .map(|(at, p)| (at, &p[2..p.len() - 2]))
        .collect()
}

/// The text with everything of askama's blanked: values as a letter, the rest as spaces; lines stay.
fn without_askama(text: &str) -> String {
    let mut html = text.to_owned();
    for (at, piece) in pieces(text) {
        let mut blank: String =
            piece.chars().map(|c| if c == '\n' { "\n".to_owned() } else { " ".repeat(c.len_utf8()) }).collect();
        if piece.starts_with("{{") {
            blank.replace_range(1..2, "x");
        }
        html.replace_range(at..at + piece.len(), &blank);
    }
    html
}

fn pieces(text: &str) -> Vec<(usize, &str)> {
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(step) = text[at..].find('{') {
        let start = at + step;
        let end = match text.as_bytes().get(start + 1) {
            Some(b'{') => "}}",
            Some(b'%') => "%}",
            Some(b'#') => "#}",
            _ => "",
        };
        let length = text[start + 1..].find(end).filter(|_| !end.is_empty()).map_or(1, |length| length + 1 + end.len());
        if length > 3 {
            found.push((start, &text[start..start + length]));
        }
        at = start + length;
    }
    found
}

fn line_of(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

#[test]
fn every_value_in_a_template_is_escaped() {
    holds(
        unescaped,
        &[("templates/a.html", "{# |safe #} {{ safe }} {{ x|upper }} a|safe {% if safe %}{% endif %}")],
        &[
            ("templates/a.html", "<p>{{ x|safe }}</p>"),
            ("templates/a.html", "<p>{{- x.y() | upper | safe -}}</p>"),
            ("templates/a.html", "{{ x|escape(\"none\") }}"),
            ("templates/a.html", "{% filter safe %}x{% endfilter %}"),
        ],
    );
}

#[test]
fn hidden_characters_are_spelt_out_but_in_what_comes_back_with_a_form() {
    holds(
        exact_values,
        &[
            (
                "templates/a.html",
                "<input name=\"in:{{ n|e(\"exact\") }}\" value=\"{{ x|e(\"exact\") }}\" title=\"{{ x }}\">{{ x }}",
            ),
            ("templates/b.html", "<textarea class=\"{{ x }}\">\n{{ x|e(\"exact\") }}</textarea><p>{{ x }}</p>"),
            ("templates/operations/characters.html", "<code>{{ x|e(\"exact\") }}</code>"),
        ],
        &[
            ("templates/a.html", "<input value=\"{{ x }}\">"),
            ("templates/a.html", "<input value=\"{% if x %}{{ x }}{% endif %}\">"),
            ("templates/a.html", "<option\nvalue=\"{{ x }}\">"),
            ("templates/a.html", "<textarea name=\"x\">{{ x }}</textarea>"),
            ("templates/a.html", "<p>{{ x|e(\"exact\") }}</p>"),
            ("templates/a.html", "<p title=\"{{ x|e(\"exact\") }}\">"),
        ],
    );
}

#[test]
fn no_script_style_or_handler_stands_in_a_template() {
    holds(
        inline,
        &[(
            "templates/a.html",
            "<script type=\"module\" src=\"{{ url }}\"></script><a data-on=\"x\" href=\"?on=1&style=2\">on=x</a> 1 < 2",
        )],
        &[
            ("templates/a.html", "<script>alert(1)</script>"),
            ("templates/a.html", "<script type=module>{{ x }}</script>"),
            ("templates/a.html", "<p {% if x %}style=\"color: red\"{% endif %}>"),
            ("templates/a.html", "<button class=\"{{ \"a\" }}\" OnClick='x()'>"),
            ("templates/a.html", "<a\nonclick = x>"),
            ("templates/a.html", "<style>p { color: red }</style>"),
        ],
    );
}

#[test]
fn every_template_belongs_to_a_page_of_the_same_name() {
    holds(
        without_page,
        &[
            ("templates/accounts/reset.html", "{% extends \"layout.html\" %}"),
            ("templates/layout.html", ""),
            ("src/pages/accounts/reset.rs", "#[template(path = \"accounts/reset.html\")]"),
        ],
        &[("templates/account/reset.html", ""), ("templates/orphan.html", "")],
    );
}
