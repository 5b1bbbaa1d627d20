//! Lists, page by page.

use super::AdminError;
use super::error::fault;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use signet_store::{Paging, Position, SortBy, SortKey};

/// How many rows a page has unless more are asked for.
const USUAL: u64 = 50;
/// How many rows a page has at most.
const MOST: u64 = 200;

/// A page of a list.
#[derive(Debug)]
pub struct Page<T> {
    /// Its rows.
    pub items: Vec<T>,
    /// What asks for the next page; none: this is the last one.
    pub next_cursor: Option<String>,
}

/// Which page is wanted.
#[derive(Clone, Debug, Default)]
pub struct PageRequest<S> {
    /// What the list is sorted by.
    pub sort: S,
    /// From the end.
    pub descending: bool,
    /// What the page before said of the next one.
    pub cursor: Option<String>,
    /// How many rows; none: as many as is usual.
    pub limit: Option<u64>,
}

impl<S: SortBy> PageRequest<S> {
    /// What to ask the store: one row more than wanted, which tells whether there is a next page.
    pub(super) fn paging(&self) -> Result<Paging<S>, AdminError> {
        let limit = self.limit.unwrap_or(USUAL);
        if !(1..=MOST).contains(&limit) {
            return Err(fault("limit", format!("must be 1 to {MOST}")));
        }
        let after = self.cursor.as_deref().map(read).transpose()?;
        if after.as_ref().is_some_and(|position| !position.key.fits(self.sort)) {
            return Err(fault("cursor", "belongs to a list that is sorted by something else"));
        }
        Ok(Paging { sort: self.sort, descending: self.descending, after, limit: limit + 1 })
    }

    /// The page that the store's answer makes.
    pub(super) fn page<T>(&self, mut items: Vec<T>, position: impl Fn(&T) -> Position) -> Page<T> {
        let wanted = usize::try_from(self.limit.unwrap_or(USUAL)).unwrap_or(usize::MAX);
        let more = items.len() > wanted;
        items.truncate(wanted);
        let next_cursor = items.last().filter(|_| more).map(|last| write(&position(last)));
        Page { items, next_cursor }
    }
}

/// A cursor says only where its reader was; whoever makes one up is no further than with a filter.
fn write(position: &Position) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::json!([position.key, position.id]).to_string())
}

fn read(cursor: &str) -> Result<Position, AdminError> {
    let position: Option<(SortKey, String)> =
        URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|json| serde_json::from_slice(&json).ok());
    let position = position.map(|(key, id)| Position { key, id });
    // PostgreSQL knows no text with this character.
    let whole = |position: &Position| {
        let in_key = matches!(&position.key, SortKey::Text(text) if text.contains('\0'));
        !in_key && !position.id.contains('\0')
    };
    position.filter(whole).ok_or_else(|| fault("cursor", "is not one that a page gave"))
}

#[cfg(test)]
mod tests {
    use super::*;
    #[derive(Clone, Copy, Default)]
    struct ByNumber;

    impl SortBy for ByNumber {
        fn is_text(self) -> bool {
            false
        }
    }

    #[test]
    fn a_cursor_comes_back_as_it_was_given() {
        for key in [SortKey::Number(-5), SortKey::Text("ä \" %".to_owned())] {
            let position = Position { key, id: "shop".to_owned() };
            assert_eq!(read(&write(&position)).unwrap(), position);
        }
        let nul = URL_SAFE_NO_PAD.encode("[\"a\\u0000\", \"a\"]");
        for wrong in ["", "x", "bnVsbA", &nul, &URL_SAFE_NO_PAD.encode("[true, \"a\"]")] {
            assert!(matches!(read(wrong), Err(AdminError::Invalid(_))), "{wrong}");
        }
    }

    #[test]
    fn a_page_has_no_more_rows_than_wanted_and_says_whether_there_are_more() {
        let request = PageRequest { limit: Some(2), ..PageRequest::<ByNumber>::default() };
        let position = |id: &u8| Position { key: SortKey::Number(i64::from(*id)), id: id.to_string() };
        let page = request.page(vec![1, 2, 3], position);
        assert_eq!(page.items, [1, 2]);
        assert_eq!(read(&page.next_cursor.unwrap()).unwrap(), position(&2));
        assert_eq!(request.page(vec![1, 2], position).next_cursor, None);
        assert_eq!(request.paging().unwrap().limit, 3);
        let elsewhere = write(&Position { key: SortKey::Text("a".to_owned()), id: "a".to_owned() });
        assert!(PageRequest { cursor: Some(elsewhere), ..request.clone() }.paging().is_err());
        for limit in [0, 201] {
            assert!(
                PageRequest { limit: Some(limit), ..PageRequest::<ByNumber>::default() }.paging().is_err()
            );
        }
    }
}
