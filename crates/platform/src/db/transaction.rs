//! A transaction over a connection that is lent for it.

use sqlx::{AssertSqlSafe, PgConnection};

use super::pools::Lent;

/// Rolls back when it is dropped without [`Transaction::commit`].
pub(super) struct Transaction(Option<Lent>);

impl Transaction {
    /// Begins with these statements, in one message.
    pub async fn begin(connection: Lent, begin: &str) -> Result<Self, sqlx::Error> {
        let mut tx = Self(Some(connection));
        let begun = sqlx::raw_sql(AssertSqlSafe(begin)).execute(tx.conn()).await;
        if let Err(error) = begun {
            // Whether it is good for anything is not known.
            drop(tx.0.take().map(Lent::take));
            return Err(error);
        }
        Ok(tx)
    }

    #[expect(
        clippy::expect_used,
        reason = "it is taken by whoever ends the transaction, and that takes the transaction"
    )]
    pub fn conn(&mut self) -> &mut PgConnection {
        self.0.as_mut().expect("a transaction has a connection until it ends")
    }

    pub async fn commit(mut self) -> Result<(), sqlx::Error> {
        sqlx::raw_sql("commit").execute(self.conn()).await?;
        drop(self.0.take());
        Ok(())
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        let Some(mut connection) = self.0.take() else { return };
        // Without a runtime the process ends, and its sessions with it.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return drop(Lent::take(connection)) };
        runtime.spawn(async move {
            if sqlx::raw_sql("rollback").execute(&mut *connection).await.is_err() {
                drop(Lent::take(connection));
            }
        });
    }
}
