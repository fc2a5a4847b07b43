//! What is asked of a server whose disk is full.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use kernel::{Code, Error};

use super::Problem;
use crate::db::Db;

/// Middleware: refuses what would change something while nothing can be stored, and learns from answers that it is so.
pub async fn refuse_when_full(State(db): State<Db>, request: Request, next: Next) -> Response {
    if db.disk_is_full() && !request.method().is_safe() {
        return Problem(full()).into_response();
    }
    let response = next.run(request).await;
    if response.extensions().get::<Code>() == Some(&Error::DISK_FULL) {
        db.heed(&full());
    }
    response
}

fn full() -> Error {
    Error::disk_full("the disk is full: nothing can be stored or changed until there is room")
}
