//! A certificate by an authority that nobody knows.

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};

/// All in PEM.
pub struct Certificate {
    pub ca: String,
    pub chain_and_key: String,
}

impl Certificate {
    /// A new one for these names and addresses.
    pub fn valid_for(names: &[&str]) -> Self {
        let mut authority = CertificateParams::new(Vec::new()).expect("no names");
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority_key = KeyPair::generate().expect("a key");
        let ca = authority.self_signed(&authority_key).expect("a certificate").pem();
        let issuer = Issuer::new(authority, authority_key);

        let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
        let key = KeyPair::generate().expect("a key");
        let certificate = CertificateParams::new(names).expect("names").signed_by(&key, &issuer);
        let chain = certificate.expect("a certificate").pem();
        Self { ca, chain_and_key: format!("{chain}{}", key.serialize_pem()) }
    }
}
