//! A model that works with tools until it concludes, one turn at a time.
//!
//! The loop runs no tool itself and stores nothing. It looks at the [`Transcript`], does the one thing that
//! comes next, and says what it did:
//!
//! ```text
//! loop {
//!     match tool_loop.advance(&mut transcript).await? {
//!         Turn::Replied(..) | Turn::Answered { .. } => {}
//!         Turn::CallTool(call) => { let output = run(&call).await; transcript.answer(&call.id, &output) }
//!         Turn::Concluded(call) => break,          // or transcript.reject(&call.id, why)
//!         Turn::Undetermined { .. } => break,
//!     }
//!     // store the transcript, and the step that was taken
//! }
//! ```
//!
//! A caller that stores the transcript after each turn may stop anywhere. Loaded again, the transcript gives
//! the same [`Turn::CallTool`] as long as the call is not answered, so a crash repeats at most the one tool or
//! the one call of the model that was under way.
//!
//! A model is kept from running in circles: an identical call is answered from the earlier result, an answer
//! in words is met with one reminder, and when a limit is near the last call offers nothing but the
//! conclusion. What then is still not concluded is undetermined, which is an answer too.

mod fence;
#[cfg(test)]
mod tests;
mod transcript;

use serde::{Deserialize, Serialize};

use self::transcript::{MAX_RESULT_BYTES, Stage};
pub use self::{
    fence::Fence,
    transcript::{ToolOutput, Transcript},
};
use crate::{
    Arguments, ChatModel, Limit, LlmError, Message, Reply, Request, Tool, ToolCall, ToolChoice, ToolResult,
    Usage,
};

/// How often a tool may be called with the same arguments.
const MAX_SAME_CALLS: usize = 3;
/// Enough words for a conclusion; what the last call may write.
const CLOSING_TOKENS: u32 = 2048;

/// What stays the same through a run.
#[derive(Clone, Copy)]
pub struct ToolLoop<'a> {
    pub model: &'a dyn ChatModel,
    pub system: &'a str,
    pub tools: &'a [Tool],
    /// The tool whose call ends the run; its arguments are the conclusion. It hides a tool of the same name.
    pub conclude: &'a Tool,
}

/// What one call of [`ToolLoop::advance`] did.
#[derive(Clone, Debug, PartialEq)]
pub enum Turn {
    /// The model was called and said this. Its tool calls follow as turns of their own.
    Replied { reply: Reply, usage: Usage },
    /// The caller is to run this tool and give the result to [`Transcript::answer`].
    CallTool(ToolCall),
    /// The loop answered this call itself: no such tool, arguments that are no JSON, or the same call again.
    Answered { call: ToolCall, result: ToolResult },
    /// The model concludes with these arguments. The caller ends the run or calls [`Transcript::reject`].
    Concluded(ToolCall),
    /// There will be no conclusion. `last_words` is what the model said last.
    Undetermined { why: Why, last_words: String },
}

/// Why a model was made to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The next call might exceed this limit.
    Limit(Limit),
    /// It went on answering in words.
    NoConclusion,
}

impl ToolLoop<'_> {
    /// Does the next thing of a run and says what it was.
    ///
    /// After an error the transcript is as it was, save that a call that may have been billed is charged.
    pub async fn advance(&self, transcript: &mut Transcript) -> Result<Turn, LlmError> {
        let concludes = |call: &&ToolCall| call.name == self.conclude.name;
        let valid = |call: &&ToolCall| matches!(call.arguments, Arguments::Valid(_));
        if let Some(call) = transcript.pending().filter(concludes).find(valid) {
            return Ok(Turn::Concluded(call.clone()));
        }
        if let Stage::Closed(why) = transcript.stage {
            let last_words = transcript.last_words().to_owned();
            return Ok(Turn::Undetermined { why, last_words });
        }
        let pending = transcript.pending().next().cloned();
        match pending {
            Some(call) => Ok(self.dispatch(transcript, call)),
            None => self.ask(transcript).await,
        }
    }

    fn dispatch(&self, transcript: &mut Transcript, call: ToolCall) -> Turn {
        let Some((text, is_error)) = self.own_answer(transcript, &call) else { return Turn::CallTool(call) };
        let result = ToolResult { call_id: call.id.clone(), text, is_error };
        transcript.push_result(result.clone());
        Turn::Answered { call, result }
    }

    /// The answer to a call that needs no tool to be run, and whether it is an error.
    fn own_answer(&self, transcript: &Transcript, call: &ToolCall) -> Option<(String, bool)> {
        let name = &call.name;
        if let Arguments::Malformed { problem, .. } = &call.arguments {
            let text = format!("The arguments are {problem}. Call the tool again with one JSON object.");
            return Some((text, true));
        }
        if !self.tools.iter().any(|tool| tool.name == *name) {
            let names: Vec<&str> = self.offered(false).iter().map(|tool| tool.name.as_str()).collect();
            let text = format!("There is no tool of that name. The tools are: {}.", names.join(", "));
            return Some((text, true));
        }
        let earlier = transcript.earlier(call);
        if earlier.len() >= MAX_SAME_CALLS {
            let text = format!(
                "Refused: {name} was called {MAX_SAME_CALLS} times with these arguments. Use what you know, \
                 try something else, or call {}.",
                self.conclude.name
            );
            return Some((text, true));
        }
        let known = earlier.into_iter().find(|result| !result.is_error)?;
        let note = "You made this very call before, so it was not made again. This was its result:";
        Some((format!("{note}\n{}", known.text), false))
    }

    /// Makes the next call of the model. When it fails, what was said for its sake is taken back.
    async fn ask(&self, transcript: &mut Transcript) -> Result<Turn, LlmError> {
        let (said, stage) = (transcript.messages.len(), transcript.stage);
        let closing = self.press(transcript);
        match self.call(transcript, closing.is_some()).await {
            Ok(turn) => {
                if let Some(why) = closing {
                    transcript.stage = Stage::Closed(why);
                }
                Ok(turn)
            }
            Err(NoReply::Forbidden(limit)) => {
                let why = Why::Limit(limit);
                transcript.stage = Stage::Closed(why);
                Ok(Turn::Undetermined { why, last_words: transcript.last_words().to_owned() })
            }
            Err(NoReply::Failed(error)) => {
                transcript.messages.truncate(said);
                transcript.stage = stage;
                Err(error)
            }
        }
    }

    /// Reminds a model that answered in words. Says why the coming call has to be the last, if it has to be.
    fn press(&self, transcript: &mut Transcript) -> Option<Why> {
        let in_words = matches!(transcript.messages.last(), Some(Message::Assistant { .. }));
        let conclude = &self.conclude.name;
        let closing = match transcript.stage {
            _ if let Some(limit) = self.nearing(transcript) => Why::Limit(limit),
            Stage::Nudged if in_words => Why::NoConclusion,
            Stage::Working if in_words => {
                transcript.say(format!("Go on with the tools, or call {conclude} with what you found."));
                transcript.stage = Stage::Nudged;
                return None;
            }
            _ => return None,
        };
        transcript.say(format!(
            "This is your last reply. Call {conclude} now with what you know; where the evidence does not \
             suffice, say that it is undetermined."
        ));
        Some(closing)
    }

    /// The limit that would forbid to conclude after one more call.
    fn nearing(&self, transcript: &Transcript) -> Option<Limit> {
        let profile = self.model.profile();
        let prompt = self.prompt_bound(transcript, &self.offered(false));
        let call = profile.prices.worst(prompt, profile.max_output_tokens.into());
        let grown = prompt + u64::from(profile.max_output_tokens) + MAX_RESULT_BYTES as u64 / 4;
        let conclusion = profile.prices.worst(grown, self.reply_tokens(true).into());
        transcript.budget.exceeded_by(2, call + conclusion)
    }

    async fn call(&self, transcript: &mut Transcript, closing: bool) -> Result<Turn, NoReply> {
        let profile = self.model.profile();
        let (tools, max_tokens) = (self.offered(closing), self.reply_tokens(closing));
        let worst = profile.prices.worst(self.prompt_bound(transcript, &tools), max_tokens.into());
        let reservation = transcript.budget.reserve(worst).map_err(NoReply::Forbidden)?;
        let request = Request {
            system: &self.system_prompt(transcript),
            messages: &transcript.messages,
            tools: &tools,
            tool_choice: if closing { ToolChoice::Only(&self.conclude.name) } else { ToolChoice::Auto },
            max_tokens,
        };
        match self.model.complete(&request).await {
            Ok(mut reply) => {
                let usage = profile.prices.usage(reply.tokens);
                transcript.budget.commit(reservation, usage);
                transcript.push_reply(&mut reply);
                Ok(Turn::Replied { reply, usage })
            }
            Err(error) => {
                match error {
                    LlmError::Interrupted { .. } => transcript.budget.forfeit(reservation),
                    _ => transcript.budget.release(reservation),
                }
                Err(NoReply::Failed(error))
            }
        }
    }

    fn system_prompt(&self, transcript: &Transcript) -> String {
        format!("{}\n\n{}", self.system, transcript.fence.rules())
    }

    fn reply_tokens(&self, closing: bool) -> u32 {
        let most = self.model.profile().max_output_tokens;
        if closing { most.min(CLOSING_TOKENS) } else { most }
    }

    /// The tools of a call; the last one offers the conclusion alone.
    fn offered(&self, closing: bool) -> Vec<&Tool> {
        let tools = self.tools.iter().filter(|tool| !closing && tool.name != self.conclude.name);
        tools.chain([self.conclude]).collect()
    }

    fn prompt_bound(&self, transcript: &Transcript, tools: &[&Tool]) -> u64 {
        let bytes = |tool: &&Tool| tool.name.len() + tool.description.len() + tool.schema.to_string().len();
        transcript.prompt_bound(self.system_prompt(transcript).len() + tools.iter().map(bytes).sum::<usize>())
    }
}

/// Why a call of the model gave no reply.
enum NoReply {
    Forbidden(Limit),
    Failed(LlmError),
}
