//! The lines of `console.log`, up to a number of bytes.

pub struct Log {
    lines: Vec<String>,
    used: usize,
    max_bytes: usize,
}

impl Log {
    pub const fn new(max_bytes: usize) -> Self {
        Self { lines: Vec::new(), used: 0, max_bytes }
    }

    /// Keeps a line, or as much of it as there is room for; false when there was none left.
    pub fn write(&mut self, mut line: String) -> bool {
        let Some(room) = self.room() else { return false };
        self.used += line.len() + 1;
        if line.len() >= room {
            line.truncate(line.floor_char_boundary(room));
            line.push_str("… (the rest of the log was dropped)");
        }
        self.lines.push(line);
        true
    }

    /// Bytes that are left, if any.
    fn room(&self) -> Option<usize> {
        self.max_bytes.checked_sub(self.used).filter(|room| *room > 0)
    }

    pub fn into_lines(self) -> Vec<String> {
        self.lines
    }
}

/// The same bound where the lines are written: what the server would not keep is not sent.
pub struct Budget {
    used: usize,
    max_bytes: usize,
}

impl Budget {
    pub const fn new(max_bytes: usize) -> Self {
        Self { used: 0, max_bytes }
    }

    /// What of this line is worth sending.
    pub fn spend(&mut self, mut line: String) -> Option<String> {
        if self.used >= self.max_bytes {
            return None;
        }
        // one byte more than fits tells that something was dropped
        line.truncate(line.ceil_char_boundary(self.max_bytes + 1));
        self.used += line.len() + 1;
        Some(line)
    }
}
