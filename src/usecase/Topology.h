#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "src/base/Ids.h"
#include "src/base/Status.h"
#include "src/crypto/Suite.h"
#include "src/usecase/OrganisationFolders.h"

namespace chancery::usecase {

/// A text for people in the two languages of the console.
struct Label {
    std::string en, zh;
    friend bool operator==(const Label&, const Label&) = default;
};

struct TopologyOrganisation {
    OrganisationPlan::Kind kind = OrganisationPlan::Kind::Peers;
    std::string name;    ///< "BankA"; of its group in channel configurations
    std::string domain;  ///< "bank-a.example"
    MspId mspId;
    Label label;
    std::vector<std::string> nodes;  ///< "peer0", "orderer1"
    std::vector<std::string> users;
    friend bool operator==(const TopologyOrganisation&, const TopologyOrganisation&) = default;
};

/// A contract that members agree on when the network is made.
struct TopologyContract {
    std::string name;
    std::string source;  ///< folder below resources/contracts
    std::string version = "1.0";
    std::string policy;           ///< as DefinitionText::policy
    std::string collectionsJson;  ///< as DefinitionText::collectionsJson
    friend bool operator==(const TopologyContract&, const TopologyContract&) = default;
};

struct TopologyChannel {
    ChannelId name{"mychannel"};
    std::vector<std::string> members;     ///< organisations with peers
    std::vector<std::string> consenters;  ///< "orderer0.example.com"
    absl::Duration batchTimeout = absl::Milliseconds(50);
    std::uint32_t maxMessages = 500;
    std::uint32_t preferredMaxBytes = 2U << 20;
    /// "Endorsement" → "ANY Endorsement", in place of the usual ones of /Channel/Application.
    std::map<std::string, std::string> policies;
    std::vector<TopologyContract> contracts;
    friend bool operator==(const TopologyChannel&, const TopologyChannel&) = default;
};

/// A machine, or a zone of several data centres.
struct TopologyHost {
    std::string name;  ///< "dc1"
    Label zone;
    std::vector<std::string> nodes;  ///< "peer0.bank-a.example", "ca.bank-a.example"
    friend bool operator==(const TopologyHost&, const TopologyHost&) = default;
};

/// A transaction that shows something, sent when the network is new.
struct TopologyCall {
    ChannelId channel;
    std::string contract;
    std::string organisation;
    std::string user = "User1";
    std::vector<std::string> arguments;  ///< function first
    friend bool operator==(const TopologyCall&, const TopologyCall&) = default;
};

/// What a network consists of: a template that makes as many networks as are wanted.
struct Topology {
    std::string name;  ///< a-z, 0-9 and '-', at most 32
    Label label, about;
    std::string engine = "builtin";
    const crypto::Suite* suite = &crypto::ecdsaP256();
    std::vector<TopologyOrganisation> organisations;  ///< ordering ones too
    std::vector<TopologyChannel> channels;
    /// Empty: one machine. What no host names is on the first.
    std::vector<TopologyHost> hosts;
    std::uint16_t firstPort = 0;  ///< 0: any that are free
    std::uint16_t portStep = 10;  ///< for each node
    std::vector<TopologyCall> scenario;

    const TopologyOrganisation* organisation(const std::string& name) const;
    /// "peer0.bank-a.example" and "ca.bank-a.example" → where it shall run; empty: the only host.
    std::string hostOf(const std::string& node) const;
    friend bool operator==(const Topology&, const Topology&) = default;
};

/// The file's form is resources/topologies/schema.json. INVALID_ARGUMENT (BAD_TOPOLOGY) with
/// `line`, `column` and `path`; RESOURCE_EXHAUSTED (BAD_TOPOLOGY) beyond the limits.
Result<Topology> readTopology(BytesView text);
/// The same file again.
std::string toText(const Topology& topology);
/// What no form can say: names that nobody has, twice the same, a consenter too many. With the
/// same reason and `path`.
Status checkTopology(const Topology& topology);

/// Those that come with the program.
const std::vector<Topology>& builtInTopologies();
/// By name, or from a file when it has a '/' or ends with ".json". NOT_FOUND (NO_TOPOLOGY) with
/// the names that there are.
Result<Topology> findTopology(const std::string& nameOrFile);
/// The schema of the file, JSON Schema draft 2020-12.
std::string_view topologySchema();

/// The folder of a contract of resources/contracts, beside the program or in the checkout that it
/// was built in. NOT_FOUND (NO_SUCH_CONTRACT_FOLDER).
Result<std::filesystem::path> findContractFolder(const std::string& name);

}  // namespace chancery::usecase
