//! The HTTP client of one session.
//!
//! The transport does its work in a task of its own, and that waits for a first answer without looking at whether anybody
//! still waits for it. So all that a session asks ends with it, here: a server that accepts and never answers would
//! otherwise keep a connection and a task for each call.

use std::{collections::HashMap, sync::Arc};

use futures::{StreamExt, stream::BoxStream};
use reqwest::header::{HeaderName, HeaderValue};
use rmcp::{
    model::ClientJsonRpcMessage,
    transport::streamable_http_client::{
        SseError, StreamableHttpClient, StreamableHttpError, StreamableHttpPostResponse,
    },
};
use sse_stream::Sse;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::LEAVE;

type Failure = StreamableHttpError<reqwest::Error>;
type Headers = HashMap<HeaderName, HeaderValue>;
type Events = BoxStream<'static, Result<Sse, SseError>>;

#[derive(Clone)]
pub struct SessionClient {
    client: reqwest::Client,
    ended: CancellationToken,
}

impl SessionClient {
    pub const fn new(client: reqwest::Client, ended: CancellationToken) -> Self {
        Self { client, ended }
    }

    async fn while_open<T>(&self, asking: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
        let answer = self.ended.run_until_cancelled(asking).await;
        answer.unwrap_or(Err(StreamableHttpError::TransportChannelClosed))
    }

    fn events(&self, events: Events) -> Events {
        events.take_until(self.ended.clone().cancelled_owned()).boxed()
    }
}

impl StreamableHttpClient for SessionClient {
    type Error = reqwest::Error;

    async fn post_message(
        &self,
        uri: Arc<str>,
        message: ClientJsonRpcMessage,
        session: Option<Arc<str>>,
        auth: Option<String>,
        headers: Headers,
    ) -> Result<StreamableHttpPostResponse, Failure> {
        self.while_open(self.client.post_message(uri, message, session, auth, headers)).await
    }

    async fn post_message_with_max_sse_event_size(
        &self,
        uri: Arc<str>,
        message: ClientJsonRpcMessage,
        session: Option<Arc<str>>,
        auth: Option<String>,
        headers: Headers,
        most: usize,
    ) -> Result<StreamableHttpPostResponse, Failure> {
        let client = &self.client;
        let asking = client.post_message_with_max_sse_event_size(uri, message, session, auth, headers, most);
        Ok(match self.while_open(asking).await? {
            StreamableHttpPostResponse::Sse(events, session) => {
                StreamableHttpPostResponse::Sse(self.events(events), session)
            }
            other => other,
        })
    }

    /// The last that a session asks; it may outlive it for a moment.
    async fn delete_session(
        &self,
        uri: Arc<str>,
        session: Arc<str>,
        auth: Option<String>,
        headers: Headers,
    ) -> Result<(), Failure> {
        let asking = self.client.delete_session(uri, session, auth, headers);
        timeout(LEAVE, asking).await.unwrap_or(Err(StreamableHttpError::TransportChannelClosed))
    }

    async fn get_stream(
        &self,
        uri: Arc<str>,
        session: Option<Arc<str>>,
        last: Option<String>,
        auth: Option<String>,
        headers: Headers,
    ) -> Result<Events, Failure> {
        let asking = self.client.get_stream(uri, session, last, auth, headers);
        self.while_open(asking).await.map(|events| self.events(events))
    }

    async fn get_stream_with_max_sse_event_size(
        &self,
        uri: Arc<str>,
        session: Option<Arc<str>>,
        last: Option<String>,
        auth: Option<String>,
        headers: Headers,
        most: usize,
    ) -> Result<Events, Failure> {
        let client = &self.client;
        let asking = client.get_stream_with_max_sse_event_size(uri, session, last, auth, headers, most);
        self.while_open(asking).await.map(|events| self.events(events))
    }
}
