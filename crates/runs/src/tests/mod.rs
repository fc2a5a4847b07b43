mod claims;
mod durable;
mod fixture;
mod lifecycle;
mod model;
mod rules;
