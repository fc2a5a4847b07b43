//! Watches the migrations: `sqlx::migrate!` reads them, and sees no new one by itself.

fn main() {
    println!("cargo::rerun-if-changed=../../migrations");
}
