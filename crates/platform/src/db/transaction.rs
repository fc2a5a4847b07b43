//! A transaction over a connection that is lent for it.

use sqlx::{AssertSqlSafe, Connection, PgConnection, SqlSafeStr as _};

use super::{Work, pools::Lent};

/// Rolls back when it is dropped without [`Transaction::commit`].
pub(super) struct Transaction {
    connection: Option<Lent>,
    /// Whether sqlx counts it, and makes savepoints of the transactions that migrations begin in it. Its connection serves no other then.
    counted: bool,
}

impl Transaction {
    /// Begins with these statements, in one message.
    pub async fn begin(connection: Lent, work: Work, begin: &str) -> Result<Self, sqlx::Error> {
        let mut tx = Self { connection: Some(connection), counted: work == Work::Migration };
        let begin = AssertSqlSafe(begin);
        let begun = if tx.counted {
            tx.conn().begin_with(begin.into_sql_str()).await.map(std::mem::forget)
        } else {
            sqlx::raw_sql(begin).execute(tx.conn()).await.map(drop)
        };
        if let Err(error) = begun {
            // Whether it is good for anything is not known.
            drop(tx.connection.take().map(Lent::take));
            return Err(error);
        }
        Ok(tx)
    }

    #[expect(
        clippy::expect_used,
        reason = "it is taken by whoever ends the transaction, and that takes the transaction"
    )]
    pub fn conn(&mut self) -> &mut PgConnection {
        self.connection.as_mut().expect("a transaction has a connection until it ends")
    }

    pub async fn commit(self) -> Result<(), sqlx::Error> {
        self.end("commit").await
    }

    /// Calls a function and commits, in one message. Nothing is committed where it raises an error.
    pub async fn commit_calling(self, call: &str) -> Result<(), sqlx::Error> {
        self.end(&format!("select {call}; commit")).await
    }

    async fn end(mut self, end: &str) -> Result<(), sqlx::Error> {
        sqlx::raw_sql(AssertSqlSafe(end)).execute(self.conn()).await?;
        if let Some(connection) = self.connection.take()
            && self.counted
        {
            drop(Lent::take(connection));
        }
        Ok(())
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.take() else { return };
        // Without a runtime the process ends, and its sessions with it.
        let runtime = tokio::runtime::Handle::try_current().ok().filter(|_| !self.counted);
        let Some(runtime) = runtime else { return drop(Lent::take(connection)) };
        runtime.spawn(async move {
            if sqlx::raw_sql("rollback").execute(&mut *connection).await.is_err() {
                drop(Lent::take(connection));
            }
        });
    }
}
