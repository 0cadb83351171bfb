#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "node/ca/Attributes.h"
#include "node/ca/DirectoryOptions.h"
#include "src/crypto/Suite.h"
#include "src/crypto/TokenPlace.h"
#include "src/http/Server.h"
#include "src/identity/Name.h"

namespace chancery::node {

/// Somebody who is registered when the CA starts, unless there is one of that name already.
struct InitialIdentity {
    std::string id;
    std::string secret;
    bool randomSecret = false;  ///< has 128 random bits and more, so no number of guesses finds it
    std::string type = "client";
    std::string affiliation;
    std::int64_t maxEnrollments = -1;
    Attributes attributes;
};

/// The CA that gives an intermediate CA its certificate.
struct ParentOptions {
    std::string host;
    std::uint16_t port = 0;
    std::string rootsPem;  ///< who may vouch for its TLS certificate
    std::string caName;    ///< empty: its first
    std::string id;        ///< registered there with hf.IntermediateCA; becomes our common name
    std::string secret;
};

/// One CA. Its folder holds key.pem, cert.pem, chain.pem, crl.pem, ca.db and issued.log.
struct CaOptions {
    std::string name;
    std::filesystem::path folder;
    const crypto::Suite* suite = &crypto::ecdsaP256();
    identity::SubjectName subject;  ///< of a new CA
    /// A CA that exists already: used in place of the files in the folder. All or none, except for
    /// the chain of a root CA, and for a key in a token.
    std::filesystem::path certificate;
    std::filesystem::path key;
    std::filesystem::path chain;
    std::optional<crypto::TokenPlace> token;  ///< the key is there, and no file `key`
    std::optional<ParentOptions> parent;      ///< none: a new CA is a root
    std::vector<InitialIdentity> identities;
    std::optional<DirectoryOptions> directory;  ///< users are its users, and no others
    std::vector<std::string> affiliations;
    std::int64_t maxEnrollments = -1;  ///< the most that registrations may ask for; -1: any
    std::int64_t maxAttempts = 10;     ///< wrong secrets until an identity is locked; 0: never
    bool allowIdentityRemoval = false;
    bool allowAffiliationRemoval = false;
    bool reenrollIgnoresExpiry = false;
    /// Addresses of machines with several nodes: certificates of several identities may have them.
    std::vector<std::string> sharedHosts = {};
    absl::Duration validity = absl::Hours(8760);
    absl::Duration tlsValidity = absl::Hours(8760);
    absl::Duration caValidity = absl::Hours(43800);
    absl::Duration crlValidity = absl::Hours(24);
};

struct CaServerOptions {
    http::ServerOptions server;
    std::vector<CaOptions> cas;  ///< the first answers requests that name none
    std::string version;         ///< what clients are told
};

}  // namespace chancery::node
