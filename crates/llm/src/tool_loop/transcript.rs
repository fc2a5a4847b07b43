//! The state of a run with a model: everything said so far, and nothing that cannot be stored.

use serde::{Deserialize, Serialize};

use super::{Fence, Why, fence::shortened};
use crate::{Arguments, Budget, Limits, Message, Reply, ToolCall, ToolResult, Usage};

/// The result of a tool that one message may carry: about 4,000 tokens of four bytes.
pub(super) const MAX_RESULT_BYTES: usize = 16_000;

/// What a tool gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToolOutput {
    /// From outside: shown to the model as data.
    Data(String),
    /// Why the tool gave nothing. From outside too.
    Failed(String),
}

/// A conversation of a run, as JSON between two turns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Transcript {
    pub(super) fence: Fence,
    pub(super) messages: Vec<Message>,
    pub(super) budget: Budget,
    pub(super) stage: Stage,
    pub(super) measured: Measured,
}

/// How far the model had to be pushed towards a conclusion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Stage {
    Working,
    /// It answered in words and was reminded to conclude.
    Nudged,
    /// It had its last reply.
    Closed(Why),
}

/// How many tokens the provider counted for the beginning of the conversation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Measured {
    pub(super) messages: usize,
    pub(super) tokens: u64,
}

impl Transcript {
    /// Begins with a task, in our words, and the data it is about: pairs of a label and a text from outside.
    pub fn begin(fence: Fence, limits: Limits, task: &str, data: &[(&str, &str)]) -> Self {
        let parts = data.iter().map(|(label, text)| fence.wrap(label, &shortened(text, MAX_RESULT_BYTES)));
        let text = std::iter::once(task.replace('\0', "")).chain(parts).collect::<Vec<_>>().join("\n\n");
        Self {
            fence,
            messages: vec![Message::User { text }],
            budget: Budget::new(limits),
            stage: Stage::Working,
            measured: Measured::default(),
        }
    }

    pub fn messages(&self) -> &[Message] {
        &self.messages
    }

    pub fn budget(&self) -> &Budget {
        &self.budget
    }

    /// What the run used so far.
    pub fn spent(&self) -> Usage {
        self.budget.spent()
    }

    /// Gives the model the result of a call it made. A call that was answered already keeps its first answer,
    /// so giving one twice after a crash does no harm.
    pub fn answer(&mut self, call_id: &str, output: &ToolOutput) {
        let (text, is_error) = match output {
            ToolOutput::Data(text) => (text, false),
            ToolOutput::Failed(text) => (text, true),
        };
        let Some(label) = self.pending().find(|call| call.id == call_id).map(|call| call.name.clone()) else {
            return;
        };
        let text = self.fence.wrap(&format!("result of {label}"), &shortened(text, MAX_RESULT_BYTES));
        self.push_result(ToolResult { call_id: call_id.to_owned(), text, is_error });
    }

    /// Tells the model, in our words, that a call it made is not accepted: a conclusion that does not hold,
    /// say.
    pub fn reject(&mut self, call_id: &str, reason: &str) {
        if self.pending().any(|call| call.id == call_id) {
            let text = reason.replace('\0', "");
            self.push_result(ToolResult { call_id: call_id.to_owned(), text, is_error: true });
        }
    }

    /// The calls that have no answer yet, in the model's order.
    pub(super) fn pending(&self) -> impl Iterator<Item = &ToolCall> {
        let (calls, results): (&[ToolCall], &[ToolResult]) = match self.messages.as_slice() {
            [.., Message::Assistant { tool_calls, .. }] => (tool_calls, &[]),
            [.., Message::Assistant { tool_calls, .. }, Message::Tool { results }] => (tool_calls, results),
            _ => (&[], &[]),
        };
        calls.iter().filter(|call| !results.iter().any(|result| result.call_id == call.id))
    }

    pub(super) fn push_result(&mut self, result: ToolResult) {
        match self.messages.last_mut() {
            Some(Message::Tool { results }) => results.push(result),
            _ => self.messages.push(Message::Tool { results: vec![result] }),
        }
    }

    pub(super) fn say(&mut self, text: impl Into<String>) {
        self.messages.push(Message::User { text: text.into() });
    }

    /// Adds a reply. Some servers give no ids, or the same ones again in each reply: those get one of ours.
    pub(super) fn push_reply(&mut self, reply: &mut Reply) {
        for at in 0..reply.tool_calls.len() {
            let id = &reply.tool_calls[at].id;
            let taken = reply.tool_calls[..at].iter().any(|call| call.id == *id) || self.knows(id);
            if id.is_empty() || taken {
                reply.tool_calls[at].id = format!("call_{}_{at}", self.messages.len());
            }
        }
        let (text, tool_calls) = (reply.text.clone(), reply.tool_calls.clone());
        self.messages.push(Message::Assistant { text, tool_calls });
        let tokens = reply.tokens.input.saturating_add(reply.tokens.output);
        self.measured = Measured { messages: self.messages.len(), tokens };
    }

    /// The last thing the model said in words.
    pub(super) fn last_words(&self) -> &str {
        let words =
            |message: &'_ Message| matches!(message, Message::Assistant { text, .. } if !text.is_empty());
        match self.messages.iter().rfind(|message| words(message)) {
            Some(Message::Assistant { text, .. }) => text,
            _ => "",
        }
    }

    /// The answers to earlier calls of the same tool with the same arguments, oldest first.
    pub(super) fn earlier(&self, call: &ToolCall) -> Vec<&ToolResult> {
        let same = |other: &&ToolCall| other.name == call.name && other.arguments == call.arguments;
        let calls = self.calls().filter(same).filter(|other| other.id != call.id);
        calls.filter_map(|other| self.results().find(|result| result.call_id == other.id)).collect()
    }

    /// An upper bound of the tokens of the next prompt, whose system prompt and tools have `fixed_bytes`. What
    /// the provider has counted is taken as counted; of the rest, no token is shorter than a byte.
    pub(super) fn prompt_bound(&self, fixed_bytes: usize) -> u64 {
        let new = self.messages.iter().skip(self.measured.messages).map(bytes);
        let rest: usize = new.map(|bytes| bytes + MESSAGE_OVERHEAD).sum();
        let fixed = if self.measured.messages == 0 { fixed_bytes + PROMPT_OVERHEAD } else { 0 };
        self.measured.tokens.saturating_add((rest + fixed) as u64)
    }

    fn calls(&self) -> impl Iterator<Item = &ToolCall> {
        self.messages.iter().flat_map(|message| match message {
            Message::Assistant { tool_calls, .. } => tool_calls.as_slice(),
            _ => &[],
        })
    }

    fn results(&self) -> impl Iterator<Item = &ToolResult> {
        self.messages.iter().flat_map(|message| match message {
            Message::Tool { results } => results.as_slice(),
            _ => &[],
        })
    }

    fn knows(&self, id: &str) -> bool {
        self.calls().any(|call| call.id == id)
    }
}

/// What providers wrap around a message, in tokens: roles, separators, ids.
const MESSAGE_OVERHEAD: usize = 64;
/// What providers add for tools, in tokens (Anthropic documents up to 530).
const PROMPT_OVERHEAD: usize = 600;

fn bytes(message: &Message) -> usize {
    let call = |call: &ToolCall| {
        let arguments = match &call.arguments {
            Arguments::Valid(map) => serde_json::to_string(map).map_or(0, |json| json.len()),
            Arguments::Malformed { text, .. } => text.len() + 32,
        };
        call.id.len() + call.name.len() + arguments
    };
    match message {
        Message::User { text } => text.len(),
        Message::Assistant { text, tool_calls } => text.len() + tool_calls.iter().map(call).sum::<usize>(),
        Message::Tool { results } => results.iter().map(|result| result.text.len() + MESSAGE_OVERHEAD).sum(),
    }
}
