//! The structure of a Markdown document as far as an SOP needs it: list items, with their own text as it
//! was written, and the headings they stand under. Quotations and code blocks are examples, not
//! instructions, so nothing in them counts.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// A list item.
#[derive(Debug)]
pub struct Item<'a> {
    /// From 1.
    pub line: usize,
    /// The item this one is nested in.
    pub parent: Option<usize>,
    /// The list it is in; numbers are unique in the document.
    pub list: usize,
    /// The heading it stands under.
    pub heading: Option<usize>,
    /// Its first paragraph as written; empty if it begins with something else.
    pub text: &'a str,
}

#[derive(Debug, Default)]
pub struct Outline<'a> {
    pub items: Vec<Item<'a>>,
    pub headings: Vec<&'a str>,
}

struct Walk<'a> {
    source: &'a str,
    /// Where each line begins.
    lines: Vec<usize>,
    outline: Outline<'a>,
    open_items: Vec<usize>,
    open_lists: Vec<usize>,
    lists: usize,
    quotes: usize,
    /// The text that is being collected, as long as it grows.
    text: Option<Range<usize>>,
    in_heading: bool,
}

/// The list items and headings of a document, in its order.
pub fn outline(source: &str) -> Outline<'_> {
    let lines = std::iter::once(0).chain(source.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let mut walk = Walk {
        source,
        lines,
        outline: Outline::default(),
        open_items: Vec::new(),
        open_lists: Vec::new(),
        lists: 0,
        quotes: 0,
        text: None,
        in_heading: false,
    };
    for (event, range) in Parser::new_ext(source, Options::empty()).into_offset_iter() {
        walk.visit(&event, range);
    }
    walk.outline
}

impl<'a> Walk<'a> {
    fn visit(&mut self, event: &Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(Tag::BlockQuote(_)) => {
                self.close_text();
                self.quotes += 1;
            }
            Event::End(TagEnd::BlockQuote(_)) => self.quotes -= 1,
            _ if self.quotes > 0 => {}
            Event::Start(Tag::List(_)) => {
                self.close_text();
                self.lists += 1;
                self.open_lists.push(self.lists);
            }
            Event::End(TagEnd::List(_)) => {
                self.open_lists.pop();
            }
            Event::Start(Tag::Item) => self.open_item(range.start),
            Event::End(TagEnd::Item) => {
                self.close_text();
                self.open_items.pop();
            }
            Event::Start(Tag::Heading { .. }) => {
                self.close_text();
                self.text = Some(range.start..range.start);
                self.in_heading = true;
            }
            Event::End(TagEnd::Heading(_)) => self.close_heading(),
            // the paragraph of a loose item begins where the item does
            Event::Start(Tag::Paragraph) if self.text.as_ref().is_some_and(Range::is_empty) => {}
            Event::Start(
                Tag::Paragraph
                | Tag::CodeBlock(_)
                | Tag::HtmlBlock
                | Tag::Table(_)
                | Tag::FootnoteDefinition(_),
            )
            | Event::End(TagEnd::Paragraph)
            | Event::Rule => self.close_text(),
            _ => self.grow_text(range),
        }
    }

    fn open_item(&mut self, start: usize) {
        self.close_text();
        self.outline.items.push(Item {
            line: self.lines.partition_point(|line| *line <= start),
            parent: self.open_items.last().copied(),
            list: self.open_lists.last().copied().unwrap_or_default(),
            heading: self.outline.headings.len().checked_sub(1),
            text: "",
        });
        self.open_items.push(self.outline.items.len() - 1);
        self.text = Some(start..start);
    }

    fn grow_text(&mut self, range: Range<usize>) {
        if let Some(text) = &mut self.text {
            let start = if Range::is_empty(text) { range.start } else { text.start };
            *text = start..range.end.max(text.end);
        }
    }

    fn close_text(&mut self) {
        if let (Some(text), Some(item)) = (self.text.take(), self.open_items.last()) {
            self.outline.items[*item].text = self.source.get(text).unwrap_or_default();
        }
    }

    fn close_heading(&mut self) {
        if let Some(text) = self.text.take().filter(|_| self.in_heading) {
            self.outline.headings.push(self.source.get(text).unwrap_or_default());
        }
        self.in_heading = false;
    }
}
