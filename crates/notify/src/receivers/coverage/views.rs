//! What nobody would be told.

use chrono::{DateTime, Utc};
use kernel::Result;
use platform::db::TenantTx;
use serde::Serialize;
use utoipa::ToSchema;

use crate::card::Urgency;

/// Issues of this severity that name no receiver are told to nobody from some moment on.
#[derive(Debug, Serialize, ToSchema)]
pub struct Gap {
    pub severity: Urgency,
    /// The first such moment of the next seven days, to a quarter of an hour.
    pub at: DateTime<Utc>,
}

/// Who would be told of issues that name no receiver.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReceiverCoverage)]
pub struct Coverage {
    /// The most severe first; none when somebody is always told.
    pub gaps: Vec<Gap>,
}

/// The gaps of the organization as a whole: what receivers of its nodes hear besides does not count.
pub async fn coverage(tx: &mut TenantTx) -> Result<Coverage> {
    let (org, now) = (tx.org(), tx.now());
    let query = "select s.urgency, g.at from generate_series(0, 3) as s (urgency)
        cross join lateral (
            select moment as at from generate_series($2::timestamptz, $2 + interval '7 days', interval '15 minutes') as t (moment)
            where not exists (
                select from im_receivers r
                where r.org_id = $1 and r.status = 'active' and r.is_default and r.node_id is null
                    and listens(r.min_severity, r.hours, s.urgency, t.moment)
                    and not exists (select from mail_addresses a
                        where a.org_id = $1 and a.address = r.destination_id and a.confirmed_at is null))
            order by moment limit 1) g
        order by s.urgency";
    let rows: Vec<(i32, DateTime<Utc>)> =
        sqlx::query_as(query).bind(org).bind(now).fetch_all(tx.conn()).await?;
    let gap = |(urgency, at)| {
        Urgency::ALL
            .into_iter()
            .find(|one| i32::from(one.rank()) == urgency)
            .map(|severity| Gap { severity, at })
    };
    Ok(Coverage { gaps: rows.into_iter().filter_map(gap).collect() })
}
