//! The only way to write HTML here: every text and every attribute is escaped, and tags and classes are constants. A
//! name from a file, a repository or an author cannot become markup, however it is spelled.

use crate::secret::mask::Mask;
use crate::text::{is_unsafe, sanitize};

/// A page while it is written.
#[derive(Default)]
pub(super) struct Html<'m> {
    out: String,
    mask: Option<&'m Mask>,
}

/// An attribute. The list is closed: none takes an address, and none takes code or style.
#[derive(Clone, Copy)]
pub(super) struct Attribute<'a> {
    name: &'static str,
    value: Value<'a>,
}

#[derive(Clone, Copy)]
enum Value<'a> {
    Word(&'static str),
    Text(&'a str),
    Number(u64),
    Anchor(&'static str, usize),
    /// Behind `#`: within the page.
    Target(&'static str, usize),
}

/// A class of the style sheet.
pub(super) fn class(name: &'static str) -> Attribute<'static> {
    Attribute { name: "class", value: Value::Word(name) }
}

/// An attribute with a fixed value.
pub(super) fn word(name: &'static str, value: &'static str) -> Attribute<'static> {
    Attribute { name, value: Value::Word(value) }
}

/// A number, as the shapes of a drawing have.
pub(super) fn number(name: &'static str, value: u64) -> Attribute<'static> {
    Attribute { name, value: Value::Number(value) }
}

/// What a screen reader says in place of the content.
pub(super) fn label(text: &str) -> Attribute<'_> {
    Attribute { name: "aria-label", value: Value::Text(text) }
}

/// A place that a link leads to: one of several of this name.
pub(super) fn id(name: &'static str, number: usize) -> Attribute<'static> {
    Attribute { name: "id", value: Value::Anchor(name, number) }
}

/// A link to such a place.
pub(super) fn to(name: &'static str, number: usize) -> Attribute<'static> {
    Attribute { name: "href", value: Value::Target(name, number) }
}

/// The name of a section is that of its heading, which is such a place.
pub(super) fn named_by(name: &'static str, number: usize) -> Attribute<'static> {
    Attribute { name: "aria-labelledby", value: Value::Anchor(name, number) }
}

/// Elements behind which a line ends, so that a person can read the source.
const LINES: [&str; 24] = [
    "article", "body", "caption", "dd", "details", "div", "dl", "dt", "footer", "h1", "h2", "h3", "head", "header",
    "html", "li", "main", "nav", "p", "section", "style", "title", "tr", "ul",
];

impl<'m> Html<'m> {
    /// The beginning of a page.
    pub(super) fn page() -> Self {
        Self { out: "<!doctype html>\n".to_owned(), mask: None }
    }

    /// Puts a part behind it that was written apart.
    pub(super) fn append(&mut self, part: &Html<'_>) {
        self.out.push_str(&part.out);
    }

    /// The page as it is.
    pub(super) fn finish(self) -> String {
        self.out
    }

    /// Writes a part in which no text shows what this mask hides.
    pub(super) fn masked(&mut self, mask: &'m Mask, inside: impl FnOnce(&mut Self)) {
        let before = self.mask.replace(mask);
        inside(self);
        self.mask = before;
    }

    /// An element and what is in it.
    pub(super) fn element(&mut self, tag: &'static str, with: &[Attribute<'_>], inside: impl FnOnce(&mut Self)) {
        self.open(tag, with);
        inside(self);
        self.out.push_str("</");
        self.out.push_str(tag);
        self.out.push('>');
        if LINES.contains(&tag) {
            self.out.push('\n');
        }
    }

    /// An element with a text in it.
    pub(super) fn line(&mut self, tag: &'static str, with: &[Attribute<'_>], text: &str) {
        self.element(tag, with, |html| html.text(text));
    }

    /// An element that has nothing in it and no end: `meta`.
    pub(super) fn empty(&mut self, tag: &'static str, with: &[Attribute<'_>]) {
        self.open(tag, with);
        self.out.push('\n');
    }

    /// `meta`, whose content is a text.
    pub(super) fn meta(&mut self, name: &'static str, what: &'static str, content: &str) {
        let content = Attribute { name: "content", value: Value::Text(content) };
        self.empty("meta", &[word(name, what), content]);
    }

    /// A text.
    pub(super) fn text(&mut self, text: &str) {
        // Before it is escaped: the mask knows values as they are.
        let text = self.mask.map_or_else(|| text.to_owned(), |mask| mask.text(text));
        escape(&text, &mut self.out);
    }

    /// The style sheet, which is a constant.
    pub(super) fn style(&mut self, sheet: &'static str) {
        self.element("style", &[], |html| html.out.push_str(sheet));
    }

    fn open(&mut self, tag: &'static str, with: &[Attribute<'_>]) {
        self.out.push('<');
        self.out.push_str(tag);
        for Attribute { name, value } in with {
            self.out.push(' ');
            self.out.push_str(name);
            self.out.push_str("=\"");
            match value {
                Value::Word(word) => escape(word, &mut self.out),
                Value::Text(text) => self.text(text),
                Value::Number(number) => self.out.push_str(&number.to_string()),
                Value::Anchor(name, number) => self.out.push_str(&format!("{name}-{number}")),
                Value::Target(name, number) => self.out.push_str(&format!("#{name}-{number}")),
            }
            self.out.push('"');
        }
        self.out.push('>');
    }
}

/// As on the terminal, and nothing in it is markup.
fn escape(text: &str, out: &mut String) {
    for character in sanitize(text.as_bytes()).chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // What `sanitize` leaves and HTML does not take: no character at all.
            none if is_unsafe(none) || is_no_character(none) => {
                out.push_str(&format!("\\u{{{:x}}}", u32::from(none)));
            }
            plain => out.push(plain),
        }
    }
}

/// The code points that Unicode keeps for no character.
fn is_no_character(character: char) -> bool {
    matches!(character, '\u{fdd0}'..='\u{fdef}') || u32::from(character) & 0xfffe == 0xfffe
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "</p><script>alert('x')</script><a href=\"javascript:y\">&\u{202e}\u{1b}[2J\u{ffff}\n";

    fn written(write: impl FnOnce(&mut Html<'_>)) -> String {
        let mut html = Html::default();
        write(&mut html);
        html.finish()
    }

    #[test]
    fn a_text_is_never_markup() {
        let expected = "&lt;/p&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&lt;a href=&quot;javascript:y&quot;&gt;&amp;\\u{202e}\\u{1b}[2J\\u{ffff}\\n";
        assert_eq!(written(|html| html.line("b", &[], HOSTILE)), format!("<b>{expected}</b>"));
        let labelled = written(|html| html.element("b", &[label(HOSTILE)], |_| ()));
        assert_eq!(labelled, format!("<b aria-label=\"{expected}\"></b>"));
        assert_eq!(
            written(|html| html.meta("name", "x", HOSTILE)),
            format!("<meta name=\"x\" content=\"{expected}\">\n")
        );
    }

    #[test]
    fn a_link_leads_into_the_page() {
        let link = written(|html| html.line("a", &[to("finding", 3)], "x"));
        assert_eq!(link, "<a href=\"#finding-3\">x</a>");
        assert_eq!(written(|html| html.line("i", &[id("finding", 3)], "")), "<i id=\"finding-3\"></i>");
    }

    #[test]
    fn a_value_is_masked_before_it_is_escaped() {
        let value = ["a<b>&", "c\"d'", "xyzw0123"].concat();
        let mask = Mask::new(vec![crate::secret::Secret::new(value.clone().into_bytes())]);
        let mut html = Html::default();
        html.masked(&mask, |html| html.line("i", &[label(&value)], &format!("in {value}.")));
        let masked = html.finish();
        assert!(masked.contains("in [masked].") && !masked.contains("xyzw"), "{masked}");
    }
}
