//! An env file in any encoding: what is read of it stands in it, annotations included.

use envward::env::Document;
use envward::secret::Secret;
use envward::secret::placeholder;

pub fn run(bytes: &[u8]) {
    let document = Document::parse(Secret::copy_of(bytes));
    let text = document.text().expose();
    assert!(document.assignments().len() <= text.len(), "no assignment out of nothing");
    let mut end = 0;
    for (index, one) in document.assignments().iter().enumerate() {
        let whole = one.written_span();
        assert!(end <= one.key_span.start && one.key_span.end <= one.value_span.start, "in order");
        assert!(whole.start <= whole.end && one.value_span.end <= text.len(), "in the text");
        end = one.key_span.end;
        let _ =
            (document.ignores(index), document.annotations(index), document.written(one), document.written_whole(one));
        let _ = (document.is_comment(one), placeholder::of(one.value.expose()));
        if let Some(key) = &one.key {
            assert!(document.find(key).is_some() && !document.places(key.as_str()).is_empty());
        }
    }
    let _ = (document.stray_annotations(), document.expiry_comments(), document.cipher(), document.repeated());
    let _ = (document.hidden(), document.refusal(), document.encoding(), document.has_lone_return());
}
