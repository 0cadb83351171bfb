#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/Bytes.h"
#include "src/base/Ids.h"
#include "src/base/Status.h"

namespace chancery::protocol {

/// Namespace in which contract definitions live (fact sheet B §4.4).
inline constexpr std::string_view kLifecycleNamespace = "_lifecycle";
/// Namespace of the contracts of Fabric 1.x, still read for every unknown contract.
inline constexpr std::string_view kLegacyLifecycleNamespace = "lscc";
/// Name of the metadata entry with a key's own endorsement policy.
inline constexpr std::string_view kValidationParameter = "VALIDATION_PARAMETER";

/// The private collection that belongs to one organisation without being defined:
/// "_implicit_org_<MSP id>".
std::string implicitCollectionName(const MspId& mspId);
/// The organisation of such a name; nothing for ordinary names.
std::optional<MspId> implicitCollectionOrg(std::string_view collection);

/// A private data collection of a contract.
struct Collection {
    std::string name;
    Bytes memberOrgsPolicy;  ///< SignaturePolicyEnvelope
    std::int32_t requiredPeerCount = 0;
    std::int32_t maximumPeerCount = 0;
    std::uint64_t blockToLive = 0;  ///< blocks; 0 for ever
    bool memberOnlyRead = false;
    bool memberOnlyWrite = false;
    Bytes endorsementPolicy;  ///< ApplicationPolicy; empty when the contract's policy applies

    friend bool operator==(const Collection&, const Collection&) = default;
};
/// CollectionConfigPackage both ways. MALFORMED_PROTOBUF; entries that are not static collections
/// are refused with UNSUPPORTED_COLLECTION.
Result<std::vector<Collection>> decodeCollections(BytesView collectionConfigPackage);
/// MALFORMED_PROTOBUF when a policy inside is not one.
Result<Bytes> encodeCollections(const std::vector<Collection>& collections);

/// What the organisations agree on about a contract.
struct ChaincodeDefinition {
    std::uint64_t sequence = 0;
    std::string version;
    bool initRequired = false;
    std::string endorsementPlugin;  ///< "escc"
    std::string validationPlugin;   ///< "vscc"
    Bytes validationParameter;      ///< ApplicationPolicy
    Bytes collectionsBytes;         ///< CollectionConfigPackage as it stands; empty when none
    std::vector<Collection> collections;

    friend bool operator==(const ChaincodeDefinition&, const ChaincodeDefinition&) = default;
    const Collection* collection(std::string_view name) const;
};

/// Keys of the namespace: "namespaces/metadata/<name>" and "namespaces/fields/<name>/<field>", with
/// "<cc>#<sequence>" as name for an organisation's approval, and "chaincode-sources/…" for the
/// package it approved.
struct LifecycleKey {
    enum class Kind { Definition, Approval, Source };
    Kind kind = Kind::Definition;
    std::string chaincode;
    std::uint64_t sequence = 0;  ///< approvals and sources
    std::string field;  ///< "Sequence", "EndorsementInfo", "ValidationInfo", "Collections",
                        ///< "PackageID"; empty for the metadata key

    std::string str() const;
    static std::optional<LifecycleKey> parse(std::string_view key);
    friend bool operator==(const LifecycleKey&, const LifecycleKey&) = default;
};

/// A key and its value as the namespace stores it.
struct LifecycleEntry {
    std::string key;
    Bytes value;
};
/// The five public entries of a definition, sorted by key.
std::vector<LifecycleEntry> encodeDefinition(std::string_view chaincode,
                                             const ChaincodeDefinition& definition);
/// The private entries of an approval: four of the parameters and two of the package id (empty when
/// unavailable), sorted by key. Their hashes stand in the organisation's implicit collection.
std::vector<LifecycleEntry> encodeApproval(std::string_view chaincode,
                                           const ChaincodeDefinition& definition,
                                           std::string_view packageId);

/// Whether an organisation has approved exactly this definition, judged as other peers do it: by
/// the hashes in its implicit collection. `hashOf` gives the value hash stored under a key hash.
/// The package does not count.
using HashLookup = std::function<std::optional<Bytes>(BytesView keyHash)>;
bool isApproved(std::string_view chaincode, const ChaincodeDefinition& definition,
                const HashLookup& hashOf);

/// Reads a definition from a state: `read` gives the value of a key of the namespace, or nothing.
/// Nothing when the contract is not defined; DATA_LOSS (BAD_DEFINITION) names the key when a value
/// is missing or malformed.
using StateLookup = std::function<std::optional<Bytes>(std::string_view key)>;
Result<std::optional<ChaincodeDefinition>> readDefinition(std::string_view chaincode,
                                                          const StateLookup& read);

/// StateData values. MALFORMED_PROTOBUF or WRONG_KIND.
Result<std::int64_t> decodeStateInt(BytesView stateData);
Result<Bytes> decodeStateBytes(BytesView stateData);
Result<std::string> decodeStateString(BytesView stateData);
Bytes encodeStateInt(std::int64_t value);
Bytes encodeStateBytes(BytesView value);
Bytes encodeStateString(std::string_view value);
/// StateMetadata: the type and the names of the fields.
struct StateMetadata {
    std::string datatype;
    std::vector<std::string> fields;
};
Result<StateMetadata> decodeStateMetadata(BytesView bytes);
Bytes encodeStateMetadata(const StateMetadata& metadata);

/// Names as Fabric allows them. INVALID_ARGUMENT: BAD_CHAINCODE_NAME, BAD_CHAINCODE_VERSION,
/// BAD_COLLECTION_NAME.
Status checkChaincodeName(std::string_view name);
Status checkChaincodeVersion(std::string_view version);
Status checkCollectionName(std::string_view name);

}  // namespace chancery::protocol
