#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "node/admin/NodeAdmin.h"
#include "node/ca/CaOptions.h"
#include "src/base/Ids.h"
#include "src/base/Log.h"
#include "src/base/Status.h"
#include "src/crypto/TokenPlace.h"

namespace chancery::node {

enum class NodeKind { Peer, Orderer, Ca };

/// "host:port" taken apart; port 0 means any free one.
struct ListenAddress {
    std::string host = "127.0.0.1";
    std::uint16_t port = 0;
};

/// An HTTPS interface beside the node's own.
struct HttpSettings {
    ListenAddress listen;
    std::vector<std::filesystem::path> clientRoots;  ///< who may vouch for its callers
};

struct KnownPeerSettings {
    MspId mspId;
    std::string endpoint;
};

struct MovedOrdererSettings {
    std::string address;    ///< as channels have it
    std::string reachedAt;  ///< "host:port"
};

struct ChaincodeSettings {
    ListenAddress listen;  ///< where contracts that the peer starts dial in
    std::chrono::milliseconds executeTimeout{30'000};
    std::filesystem::path nodeProgram;
    std::filesystem::path nodeModules;
    std::filesystem::path scriptProgram;
    bool allowPlaintext = false;
    bool acceptsUnlaunched = false;
};

/// What a node is started with. All paths are absolute.
struct NodeConfig {
    NodeKind kind = NodeKind::Peer;
    MspId mspId;
    std::filesystem::path msp;                ///< folder with signcerts and keystore
    std::optional<crypto::TokenPlace> token;  ///< the identity's key is there, not in keystore
    std::filesystem::path data;               ///< made when it is missing
    ListenAddress listen;
    std::string externalEndpoint;  ///< peers: how others reach it; empty: where it listens
    std::filesystem::path tlsCertificate;
    std::filesystem::path tlsKey;
    std::vector<std::filesystem::path> tlsClientRoots;  ///< not empty: callers must show one
    std::optional<HttpSettings> admin;                  ///< orderers: channel participation
    std::optional<HttpSettings> operations;
    std::vector<KnownPeerSettings> peers;  ///< that this one shall ask for others
    std::vector<MovedOrdererSettings> orderers;
    ChaincodeSettings chaincode;
    std::vector<CaOptions> cas;              ///< of a CA node; the other kinds have none
    std::filesystem::path adminSocket;       ///< empty: no admin API
    std::vector<EffectiveSetting> settings;  ///< all of the above as it stands in the file
    std::vector<std::string> serverHosts;    ///< in the TLS certificate that a CA node gives itself
    log::LogSpec logSpec;
    log::Form logForm = log::Form::Text;
};

/// Reads the YAML file that Settings.h describes. INVALID_ARGUMENT (BAD_CONFIG) with `path` of the
/// setting; errors of readFile.
Result<NodeConfig> readNodeConfig(NodeKind kind, const std::filesystem::path& file);

/// What may stand in the file, as `chancery-node KIND --help` shows it.
std::string describeConfig(NodeKind kind);

std::string_view nameOf(NodeKind kind);

}  // namespace chancery::node
