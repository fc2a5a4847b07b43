//! A model follows the SOP: it thinks, calls tools, and concludes.
//!
//! `llm` says what comes next ([`ToolLoop::advance`]); this does it and records it with the conversation as it
//! then stands, in one commit. A worker that takes the run up loads the conversation and goes on at that turn:
//! what the model said is not asked again, and a tool whose result is recorded is not called again.
//!
//! Limits are checked by `llm` before each call of the model. The steps also bound the calls of tools, of which a
//! model may ask for many in one reply.

mod conclude;
mod prompt;

use llm::{
    Arguments, ChatModel, Fence, Limit, LlmError, Tool, ToolCall, ToolLoop, ToolOutput, Transcript, Turn, Why,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use self::conclude::Draft;
use super::{
    content,
    journal::{Aside, Charge, Entry, Followed, Journal, Pursued, Stop},
    model::{Conclusion, StepKind},
    toolkit::{self, CallRecord},
};
use crate::Deps;

/// The tool by which a model thinks aloud between two calls.
const NOTE: &str = "note";

/// The conversation with a model, as a run keeps it between two turns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Talk {
    transcript: Transcript,
    /// A conclusion was sent back once; this is what could be read of it.
    sent_back: Option<SentBack>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct SentBack {
    draft: Option<Draft>,
}

/// How the part of the model ended.
pub enum Ended {
    Concluded(Conclusion),
    /// The model will not answer, with the reason.
    ModelGone(String),
}

/// Lets the model work from where the run stands.
pub async fn pursue(
    deps: &Deps,
    model: &dyn ChatModel,
    journal: &mut Journal,
    skill: &Followed,
) -> Pursued<Ended> {
    let mut tools = toolkit::offered(journal.context(), journal.run().node_id).await?;
    tools.retain(|tool| tool.name != NOTE);
    tools.push(prompt::note());
    let (system, conclude) = (prompt::system(skill), conclude::tool());
    let tool_loop = ToolLoop { model, system: &system, tools: &tools, conclude: &conclude };
    let talk = match journal.memory.talk.clone() {
        Some(talk) => talk,
        None => begin(deps, journal.input()),
    };
    Investigator { deps, tool_loop, journal, talk }.work().await
}

fn begin(deps: &Deps, input: &Value) -> Talk {
    let brief = serde_json::to_string_pretty(input).unwrap_or_default();
    let data = [("the alert and its issue", brief.as_str())];
    let transcript = Transcript::begin(Fence::random(), deps.options.limits, prompt::TASK, &data);
    Talk { transcript, sent_back: None }
}

struct Investigator<'a> {
    deps: &'a Deps,
    tool_loop: ToolLoop<'a>,
    journal: &'a mut Journal,
    talk: Talk,
}

impl Investigator<'_> {
    async fn work(mut self) -> Pursued<Ended> {
        loop {
            self.journal.stop_if_cancelled()?;
            let spent = self.talk.transcript.spent();
            let turn = match self.tool_loop.advance(&mut self.talk.transcript).await {
                Ok(turn) => turn,
                Err(error) => return self.no_answer(error, spent).await,
            };
            match turn {
                Turn::Replied { reply, usage } => self.replied(&reply.text, usage).await?,
                Turn::CallTool(call) => self.call(call).await?,
                Turn::Answered { call, result } => {
                    let reason = result.text.lines().next().unwrap_or_default().to_owned();
                    self.not_called(&call, &reason).await?;
                }
                Turn::Concluded(call) => {
                    if let Some(conclusion) = self.concluded(&call).await? {
                        return Ok(Ended::Concluded(conclusion));
                    }
                }
                Turn::Undetermined { why, .. } => return Ok(Ended::Concluded(self.undetermined(why))),
            }
        }
    }

    /// A call that may have been billed is paid for. Then the job tries again, unless that cannot help.
    async fn no_answer(mut self, error: LlmError, spent: llm::Usage) -> Pursued<Ended> {
        let now = self.talk.transcript.spent();
        if now != spent {
            let usage = llm::Usage {
                tokens_in: now.tokens_in - spent.tokens_in,
                tokens_out: now.tokens_out - spent.tokens_out,
                cost_usd: llm::Usd::from_micros(now.cost_usd.micros() - spent.cost_usd.micros()),
            };
            self.checkpoint(Some(usage)).await?;
        }
        let context = self.journal.context();
        let last = context.attempt >= context.max_attempts;
        match error {
            LlmError::Refused { detail } => Ok(Ended::ModelGone(detail)),
            LlmError::Unavailable { detail, .. } | LlmError::Interrupted { detail } if last => {
                Ok(Ended::ModelGone(detail))
            }
            LlmError::Unavailable { detail, retry_after } => {
                Err(Stop::ModelBusy { detail, after: retry_after })
            }
            LlmError::Interrupted { detail } => Err(Stop::ModelBusy { detail, after: None }),
        }
    }

    async fn replied(&mut self, text: &str, usage: llm::Usage) -> Pursued<()> {
        if text.trim().is_empty() {
            return self.checkpoint(Some(usage)).await;
        }
        let metadata = json!({
            "model": self.model(),
            "tokens_in": usage.tokens_in,
            "tokens_out": usage.tokens_out,
            "cost_usd": usage.cost_usd.dollars(),
        });
        let key = format!("reply:{}", self.talk.transcript.messages().len());
        self.record(reasoning(key, content::words(text), metadata), Some(usage)).await
    }

    async fn call(&mut self, call: ToolCall) -> Pursued<()> {
        let arguments = match &call.arguments {
            Arguments::Valid(arguments) => arguments.clone(),
            // the loop has answered those itself
            Arguments::Malformed { .. } => Map::new(),
        };
        let key = format!("call:{}", call.id);
        let seq = self.journal.next_seq();
        if call.name == NOTE {
            let text = arguments.get("text").and_then(Value::as_str).unwrap_or_default();
            self.talk.transcript.answer(&call.id, &ToolOutput::Data(format!("This is step {seq}.")));
            return self
                .record(reasoning(key, content::words(text), json!({ "model": self.model() })), None)
                .await;
        }
        if self.tools_called() >= self.deps.options.limits.steps as usize {
            let reason = "Refused: the limit of calls of tools is reached. Conclude with what you know.";
            self.talk.transcript.reject(&call.id, reason);
            return self.not_called(&call, reason).await;
        }
        let work = (self.journal.context(), self.journal.run().node_id);
        let record = toolkit::call(self.deps, work, &call.name, arguments).await?;
        self.talk.transcript.answer(&call.id, &output(seq, &record));
        let entry = record.entry(&key)?;
        self.record(entry, None).await
    }

    fn tools_called(&self) -> usize {
        self.journal.steps().iter().filter(|step| step.kind == StepKind::ToolCalled).count()
    }

    /// A call that was answered without calling anything.
    async fn not_called(&mut self, call: &ToolCall, reason: &str) -> Pursued<()> {
        let content =
            format!("The call of {} was not made: {}", content::code(&call.name), content::code(reason));
        let metadata = json!({ "tool": call.name, "arguments": call.arguments, "reason": reason });
        self.record(reasoning(format!("call:{}", call.id), content, metadata), None).await
    }

    /// The conclusion, or none when it is sent back. That happens once.
    async fn concluded(&mut self, call: &ToolCall) -> Pursued<Option<Conclusion>> {
        let draft = Draft::read(call);
        let objection = match &draft {
            Ok(draft) => draft.objection(self.journal.steps()),
            Err(error) => Some(error.clone()),
        };
        match objection {
            Some(objection) if self.talk.sent_back.is_none() => {
                self.talk.sent_back = Some(SentBack { draft: draft.ok() });
                self.talk.transcript.reject(&call.id, &objection);
                let content =
                    format!("The conclusion was sent back to the model: {}", content::code(&objection));
                let metadata = json!({ "objection": objection });
                self.record(reasoning(format!("call:{}", call.id), content, metadata), None).await?;
                Ok(None)
            }
            _ => Ok(Some(match draft {
                Ok(draft) => self.checked(draft),
                Err(error) => {
                    Conclusion::undetermined(format!("The model gave no usable conclusion. {error}"))
                }
            })),
        }
    }

    fn checked(&self, draft: Draft) -> Conclusion {
        super::claims::check_claims(draft.into(), self.journal.steps(), self.journal.input())
    }

    fn undetermined(&self, why: Why) -> Conclusion {
        let limits = self.deps.options.limits;
        let reason = match why {
            Why::Limit(Limit::Steps) => {
                format!("the limit of {} calls of the model was reached", limits.steps)
            }
            Why::Limit(Limit::Tokens) => format!("the limit of {} tokens was reached", limits.tokens),
            Why::Limit(Limit::Cost) => format!("the limit of {} US dollars was reached", limits.cost_usd),
            Why::NoConclusion => "the model went on in words and did not conclude".to_owned(),
        };
        let earlier = self.talk.sent_back.as_ref().and_then(|sent_back| sent_back.draft.clone());
        let mut conclusion = match earlier {
            Some(draft) => self.checked(draft),
            None => Conclusion::undetermined(format!("The run ended without a conclusion: {reason}.")),
        };
        conclusion.remarks.push(format!("The model could not go on: {reason}."));
        conclusion
    }

    fn model(&self) -> &str {
        &self.tool_loop.model.profile().model
    }

    fn aside(&self, usage: Option<llm::Usage>) -> Aside {
        let charge = usage.map(|usage| Charge { model: self.model().to_owned(), usage });
        Aside { course: None, charge }
    }

    async fn record(&mut self, entry: Entry, usage: Option<llm::Usage>) -> Pursued<()> {
        self.journal.memory.talk = Some(self.talk.clone());
        let aside = self.aside(usage);
        self.journal.record(entry, aside).await.map(drop)
    }

    /// Stores what is no step.
    async fn checkpoint(&mut self, usage: Option<llm::Usage>) -> Pursued<()> {
        self.journal.memory.talk = Some(self.talk.clone());
        let aside = self.aside(usage);
        self.journal.checkpoint(aside).await
    }
}

fn reasoning(key: String, content: String, metadata: Value) -> Entry {
    Entry { key, kind: StepKind::Reasoning, content, metadata, duration_ms: None }
}

/// What the model sees of a call: its step comes first, so that it can be cited.
fn output(seq: i32, record: &CallRecord) -> ToolOutput {
    match &record.result {
        Ok(Value::String(text)) => ToolOutput::Data(format!("step {seq}\n{text}")),
        Ok(result) => ToolOutput::Data(format!("step {seq}\n{result}")),
        Err(error) => ToolOutput::Failed(format!("step {seq}\n{error}")),
    }
}

/// A tool of our own.
fn own_tool(name: &str, description: &str, schema: Value) -> Tool {
    Tool { name: name.into(), description: description.into(), schema }
}
