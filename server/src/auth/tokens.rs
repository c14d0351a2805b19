//! Access tokens: short-lived JWTs signed with EdDSA, every claim required and checked.
//!
//! The library signs and verifies through `ed25519-dalek`, the same code that signs everything
//! else here: its own provider would bring in `rsa`, which has an open advisory. Time is checked
//! here, against the server's injected clock.

use docket_protocol::ids::UserId;
use docket_protocol::role::Role;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{ErrorKind, Result as JwtResult};
use jsonwebtoken::signature::{Error as SignatureError, Signer, Verifier};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::ApiError;
use crate::limits::{ACCESS_TOKEN_MS, TOKEN_LEEWAY_MS};

const ISSUER: &str = "docket";
const AUDIENCE: &str = "docket-api";
const KIND: &str = "at+jwt";
/// Ours are about 450 bytes; anything much longer is not ours.
const TOKEN_BYTES_MAX: usize = 2_048;

/// What an access token says. None of it is believed without a look at the database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Issuer.
    pub iss: String,
    /// Audience.
    pub aud: String,
    /// The person.
    pub sub: UserId,
    /// Their role when the token was made.
    pub role: Role,
    /// The session, which can be revoked. It knows organisation and phone, which never change.
    pub sid: Uuid,
    /// Not before, Unix seconds: when it was issued.
    pub nbf: i64,
    /// Expires, Unix seconds.
    pub exp: i64,
}

/// A token and when it ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessToken {
    /// The JWT.
    pub token: String,
    /// Unix ms.
    pub expires_at: i64,
}

/// Whom a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject {
    /// The person.
    pub user: UserId,
    /// Their role.
    pub role: Role,
    /// The session.
    pub session: Uuid,
}

/// Makes a token.
pub fn issue(key: &SigningKey, subject: &Subject, now: i64) -> Result<AccessToken, ApiError> {
    install_crypto();
    let expires_at = now + ACCESS_TOKEN_MS;
    let claims = Claims {
        iss: ISSUER.to_owned(),
        aud: AUDIENCE.to_owned(),
        sub: subject.user,
        role: subject.role,
        sid: subject.session,
        nbf: now / 1_000,
        exp: expires_at / 1_000,
    };
    let mut header = Header::new(Algorithm::EdDSA);
    header.typ = Some(KIND.to_owned());
    let secret = EncodingKey::from_ed_der(&key.to_bytes());
    let token = jsonwebtoken::encode(&header, &claims, &secret);
    Ok(AccessToken { token: token.map_err(|_| ApiError::Unavailable)?, expires_at })
}

/// Reads a token: ours, whole, and within its time.
pub fn read(key: &VerifyingKey, token: &str, now: i64) -> Result<Claims, ApiError> {
    install_crypto();
    if token.len() > TOKEN_BYTES_MAX {
        return Err(ApiError::TokenInvalid);
    }
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[AUDIENCE]);
    validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
    // The library would ask the operating system for the time; ours is checked below.
    validation.validate_exp = false;
    validation.validate_nbf = false;
    let public = DecodingKey::from_ed_der(key.as_bytes());
    let data = jsonwebtoken::decode::<Claims>(token, &public, &validation)
        .map_err(|_| ApiError::TokenInvalid)?;
    let (header, claims) = (data.header, data.claims);
    let plain = header.typ.as_deref() == Some(KIND)
        && header.kid.is_none()
        && header.jku.is_none()
        && header.jwk.is_none()
        && header.x5u.is_none();
    let leeway = TOKEN_LEEWAY_MS / 1_000;
    if !plain || claims.nbf > now / 1_000 + leeway {
        return Err(ApiError::TokenInvalid);
    }
    if claims.exp <= now / 1_000 { Err(ApiError::TokenExpired) } else { Ok(claims) }
}

fn install_crypto() {
    static PROVIDER: CryptoProvider = CryptoProvider {
        signer_factory: signer,
        verifier_factory: verifier,
        key_utils: KeyUtils::new_unimplemented(),
    };
    // An error says that it is installed already, which is just as good.
    let _installed = PROVIDER.install_default();
}

fn signer(algorithm: &Algorithm, key: &EncodingKey) -> JwtResult<Box<dyn JwtSigner>> {
    let secret = <[u8; 32]>::try_from(key.as_bytes()).map_err(|_| ErrorKind::InvalidEddsaKey)?;
    match algorithm {
        Algorithm::EdDSA => Ok(Box::new(EdSigner(SigningKey::from_bytes(&secret)))),
        _ => Err(ErrorKind::InvalidAlgorithm.into()),
    }
}

fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> JwtResult<Box<dyn JwtVerifier>> {
    let bytes = <[u8; 32]>::try_from(key.try_get_as_bytes()?);
    let bytes = bytes.map_err(|_| ErrorKind::InvalidEddsaKey)?;
    let key = VerifyingKey::from_bytes(&bytes).map_err(|_| ErrorKind::InvalidEddsaKey)?;
    match algorithm {
        Algorithm::EdDSA => Ok(Box::new(EdVerifier(key))),
        _ => Err(ErrorKind::InvalidAlgorithm.into()),
    }
}

struct EdSigner(SigningKey);

impl Signer<Vec<u8>> for EdSigner {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, SignatureError> {
        Ok(self.0.sign(message).to_bytes().to_vec())
    }
}

impl JwtSigner for EdSigner {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}

struct EdVerifier(VerifyingKey);

impl Verifier<Vec<u8>> for EdVerifier {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), SignatureError> {
        let signature = Signature::from_slice(signature).map_err(|_| SignatureError::new())?;
        self.0.verify_strict(message, &signature).map_err(|_| SignatureError::new())
    }
}

impl JwtVerifier for EdVerifier {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}

#[cfg(test)]
mod tests {
    use data_encoding::BASE64URL_NOPAD;
    use serde_json::{Value as Json, json};

    use super::*;

    const NOW: i64 = 1_795_000_000_000;

    fn key() -> SigningKey {
        SigningKey::from_bytes(&[1; 32])
    }

    fn good() -> String {
        let subject = Subject {
            user: UserId::new(NOW, [1; 10]),
            role: Role::Engineer,
            session: Uuid::from_bytes([4; 16]),
        };
        issue(&key(), &subject, NOW).unwrap().token
    }

    fn check(token: &str, now: i64) -> Result<Claims, ApiError> {
        read(&key().verifying_key(), token, now)
    }

    /// The good token with one part changed and signed again by the right key.
    fn resigned(header: impl FnOnce(&mut Json), claims: impl FnOnce(&mut Json)) -> String {
        let token = good();
        let mut parts = token
            .split('.')
            .map(|part| BASE64URL_NOPAD.decode(part.as_bytes()).unwrap_or_default());
        let mut next = || serde_json::from_slice::<Json>(&parts.next().unwrap()).unwrap();
        let (mut first, mut second) = (next(), next());
        header(&mut first);
        claims(&mut second);
        let encode = |json: &Json| BASE64URL_NOPAD.encode(json.to_string().as_bytes());
        let message = format!("{}.{}", encode(&first), encode(&second));
        let signature = BASE64URL_NOPAD.encode(&key().sign(message.as_bytes()).to_bytes());
        format!("{message}.{signature}")
    }

    #[test]
    fn a_good_token_is_read_until_it_ends() {
        let token = good();
        assert_eq!(check(&token, NOW).unwrap().role, Role::Engineer);
        assert!(check(&token, NOW + ACCESS_TOKEN_MS - 1_000).is_ok());
        assert_eq!(check(&token, NOW + ACCESS_TOKEN_MS).unwrap_err(), ApiError::TokenExpired);
        assert!(check(&resigned(|_| {}, |_| {}), NOW).is_ok(), "the helper signs rightly");
    }

    #[test]
    fn every_missing_or_wrong_claim_is_refused() {
        for claim in ["iss", "aud", "sub", "role", "sid", "nbf", "exp"] {
            let missing =
                resigned(|_| {}, |claims| drop(claims.as_object_mut().unwrap().remove(claim)));
            assert!(check(&missing, NOW).is_err(), "{claim} missing");
            for wrong in [json!(null), json!("x"), json!(true), json!({})] {
                let token = resigned(|_| {}, |claims| claims[claim] = wrong.clone());
                assert!(check(&token, NOW).is_err(), "{claim} = {wrong}");
            }
        }
        let early = resigned(|_| {}, |claims| claims["nbf"] = json!(NOW / 1_000 + 61));
        assert!(check(&early, NOW).is_err());
    }

    #[test]
    fn other_algorithms_keys_and_headers_are_refused() {
        for algorithm in ["none", "HS256", "RS256", "ES256", "PS512", "eddsa"] {
            let token = resigned(|header| header["alg"] = json!(algorithm), |_| {});
            assert!(check(&token, NOW).is_err(), "{algorithm}");
        }
        for (name, value) in [
            ("typ", json!("JWT")),
            ("kid", json!("other")),
            ("jku", json!("http://example.test")),
            ("x5u", json!("http://example.test")),
            ("jwk", json!({"kty": "OKP", "crv": "Ed25519", "x": "AA"})),
        ] {
            let token = resigned(|header| header[name] = value, |_| {});
            assert!(check(&token, NOW).is_err(), "{name}");
        }
        let other = SigningKey::from_bytes(&[9; 32]);
        assert!(read(&other.verifying_key(), &good(), NOW).is_err());
    }

    #[test]
    fn every_altered_character_is_refused() {
        let token = good();
        for at in 0..token.len() {
            let mut altered = token.clone().into_bytes();
            altered[at] = if altered[at] == b'A' { b'B' } else { b'A' };
            let altered = String::from_utf8(altered).unwrap();
            assert!(check(&altered, NOW).is_err(), "character {at}");
        }
        assert!(check(&"a".repeat(10_000), NOW).is_err());
        assert!(check("", NOW).is_err());
    }
}
