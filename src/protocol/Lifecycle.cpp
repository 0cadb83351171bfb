#include "src/protocol/Lifecycle.h"

#include <fabric/peer/lifecycle/chaincode_definition.pb.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "src/base/Encoding.h"
#include "src/crypto/Digest.h"
#include "src/wire/Parse.h"
#include "src/wire/Serialize.h"

namespace chancery::protocol {
namespace {

constexpr std::string_view kImplicitPrefix = "_implicit_org_";
constexpr std::string_view kNamespaces = "namespaces";
constexpr std::string_view kSources = "chaincode-sources";
constexpr std::string_view kDefinitionType = "ChaincodeDefinition";

LifecycleEntry entry(LifecycleKey key, Bytes value) {
    return {key.str(), std::move(value)};
}

std::vector<LifecycleEntry> sorted(std::vector<LifecycleEntry> entries) {
    std::sort(entries.begin(), entries.end(),
              [](const LifecycleEntry& a, const LifecycleEntry& b) { return a.key < b.key; });
    return entries;
}

/// The three fields that a definition and an approval share.
void appendParameters(const LifecycleKey& base, const ChaincodeDefinition& definition,
                      std::vector<LifecycleEntry>& out) {
    const auto at = [&base](std::string_view field) {
        LifecycleKey key = base;
        key.field = field;
        return key;
    };
    ::lifecycle::ChaincodeEndorsementInfo endorsement;
    endorsement.set_version(definition.version);
    endorsement.set_init_required(definition.initRequired);
    endorsement.set_endorsement_plugin(definition.endorsementPlugin);
    ::lifecycle::ChaincodeValidationInfo validation;
    validation.set_validation_plugin(definition.validationPlugin);
    validation.set_validation_parameter(definition.validationParameter);
    out.push_back(entry(at("EndorsementInfo"), encodeStateBytes(wire::serialize(endorsement))));
    out.push_back(entry(at("ValidationInfo"), encodeStateBytes(wire::serialize(validation))));
    out.push_back(entry(at("Collections"), encodeStateBytes(definition.collectionsBytes)));
}

Status badDefinition(std::string_view key, std::string_view why) {
    return makeError(StatusCode::kDataLoss, "BAD_DEFINITION", fmt::format("{}: {}", key, why),
                     {{"key", std::string(key)}});
}

/// One field of a definition, taken out of the state and decoded.
template <class Decode>
auto readField(std::string_view chaincode, std::string_view field, const StateLookup& read,
               Decode&& decode) -> decltype(decode(BytesView())) {
    const std::string key =
        LifecycleKey{LifecycleKey::Kind::Definition, std::string(chaincode), 0, std::string(field)}
            .str();
    const std::optional<Bytes> value = read(key);
    if (!value) return badDefinition(key, "is missing");
    auto decoded = decode(*value);
    if (!decoded.ok()) return badDefinition(key, messageOf(decoded.status()));
    return decoded;
}

template <class Message>
Result<Message> decodeNested(BytesView stateData) {
    ASSIGN_OR_RETURN(const Bytes bytes, decodeStateBytes(stateData));
    return wire::parse<Message>(bytes, "state_data.bytes");
}

bool isAlphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

Status badName(std::string_view reason, std::string_view what, std::string_view name) {
    return makeError(StatusCode::kInvalidArgument, reason,
                     fmt::format("{} '{}' is not allowed", what, printable(name, 200)),
                     {{"name", printable(name, 200)}});
}

/// "<name>" or "<name>#<sequence>".
bool splitSequence(std::string_view text, std::string& name, std::uint64_t& sequence, bool& has) {
    const std::size_t hash = text.find('#');
    name = text.substr(0, hash);
    has = hash != std::string_view::npos;
    if (!has) return !name.empty();
    const char* const begin = text.data() + hash + 1;
    const char* const end = text.data() + text.size();
    const auto [last, error] = std::from_chars(begin, end, sequence);
    return !name.empty() && error == std::errc() && last == end;
}

}  // namespace

std::string implicitCollectionName(const MspId& mspId) {
    return std::string(kImplicitPrefix) + mspId.str();
}

std::optional<MspId> implicitCollectionOrg(std::string_view collection) {
    if (!collection.starts_with(kImplicitPrefix)) return std::nullopt;
    return MspId(std::string(collection.substr(kImplicitPrefix.size())));
}

const Collection* ChaincodeDefinition::collection(std::string_view name) const {
    for (const Collection& known : collections)
        if (known.name == name) return &known;
    return nullptr;
}

std::string LifecycleKey::str() const {
    const std::string_view prefix = kind == Kind::Source ? kSources : kNamespaces;
    const std::string name =
        kind == Kind::Definition ? chaincode : fmt::format("{}#{}", chaincode, sequence);
    if (field.empty()) return fmt::format("{}/metadata/{}", prefix, name);
    return fmt::format("{}/fields/{}/{}", prefix, name, field);
}

std::optional<LifecycleKey> LifecycleKey::parse(std::string_view key) {
    std::array<std::string_view, 4> parts;
    std::size_t count = 0;
    for (std::string_view rest = key; count < parts.size();) {
        const std::size_t slash = rest.find('/');
        parts[count++] = rest.substr(0, slash);
        if (slash == std::string_view::npos) break;
        if (count == parts.size()) return std::nullopt;
        rest.remove_prefix(slash + 1);
    }
    const bool metadata = count == 3 && parts[1] == "metadata";
    const bool isField = count == 4 && parts[1] == "fields" && !parts[3].empty();
    if (!metadata && !isField) return std::nullopt;
    if (parts[0] != kNamespaces && parts[0] != kSources) return std::nullopt;
    LifecycleKey out;
    bool hasSequence = false;
    if (!splitSequence(parts[2], out.chaincode, out.sequence, hasSequence)) return std::nullopt;
    out.field = parts[3];
    if (parts[0] == kSources) {
        if (!hasSequence) return std::nullopt;
        out.kind = Kind::Source;
    } else {
        out.kind = hasSequence ? Kind::Approval : Kind::Definition;
    }
    return out;
}

std::vector<LifecycleEntry> encodeDefinition(std::string_view chaincode,
                                             const ChaincodeDefinition& definition) {
    LifecycleKey base{LifecycleKey::Kind::Definition, std::string(chaincode), 0, {}};
    std::vector<LifecycleEntry> out;
    out.push_back(entry(base, encodeStateMetadata({std::string(kDefinitionType),
                                                   {"Sequence", "EndorsementInfo", "ValidationInfo",
                                                    "Collections"}})));
    appendParameters(base, definition, out);
    base.field = "Sequence";
    out.push_back(entry(base, encodeStateInt(static_cast<std::int64_t>(definition.sequence))));
    return sorted(std::move(out));
}

std::vector<LifecycleEntry> encodeApproval(std::string_view chaincode,
                                           const ChaincodeDefinition& definition,
                                           std::string_view packageId) {
    const std::string name(chaincode);
    const LifecycleKey base{LifecycleKey::Kind::Approval, name, definition.sequence, {}};
    LifecycleKey source{LifecycleKey::Kind::Source, name, definition.sequence, {}};
    std::vector<LifecycleEntry> out;
    out.push_back(
        entry(base, encodeStateMetadata({"ChaincodeParameters",
                                         {"EndorsementInfo", "ValidationInfo", "Collections"}})));
    appendParameters(base, definition, out);
    out.push_back(entry(source, encodeStateMetadata({"ChaincodeLocalPackage", {"PackageID"}})));
    source.field = "PackageID";
    out.push_back(entry(source, encodeStateString(packageId)));
    return sorted(std::move(out));
}

bool isApproved(std::string_view chaincode, const ChaincodeDefinition& definition,
                const HashLookup& hashOf) {
    for (const LifecycleEntry& entry : encodeApproval(chaincode, definition, {})) {
        if (entry.key.starts_with(kSources)) continue;
        const auto stored = hashOf(crypto::sha256(entry.key));
        if (!stored || *stored != crypto::sha256(entry.value)) return false;
    }
    return true;
}

Result<std::optional<ChaincodeDefinition>> readDefinition(std::string_view chaincode,
                                                          const StateLookup& read) {
    const std::string metadataKey =
        LifecycleKey{LifecycleKey::Kind::Definition, std::string(chaincode), 0, {}}.str();
    const std::optional<Bytes> metadataBytes = read(metadataKey);
    if (!metadataBytes) return std::optional<ChaincodeDefinition>();
    const auto metadata = decodeStateMetadata(*metadataBytes);
    if (!metadata.ok()) return badDefinition(metadataKey, messageOf(metadata.status()));
    if (metadata->datatype != kDefinitionType)
        return badDefinition(metadataKey,
                             fmt::format("is a {}", printable(metadata->datatype, 200)));

    ChaincodeDefinition out;
    ASSIGN_OR_RETURN(const std::int64_t sequence,
                     readField(chaincode, "Sequence", read, decodeStateInt));
    out.sequence = static_cast<std::uint64_t>(sequence);
    ASSIGN_OR_RETURN(const auto endorsement,
                     readField(chaincode, "EndorsementInfo", read,
                               decodeNested<::lifecycle::ChaincodeEndorsementInfo>));
    out.version = endorsement.version();
    out.initRequired = endorsement.init_required();
    out.endorsementPlugin = endorsement.endorsement_plugin();
    ASSIGN_OR_RETURN(const auto validation,
                     readField(chaincode, "ValidationInfo", read,
                               decodeNested<::lifecycle::ChaincodeValidationInfo>));
    out.validationPlugin = validation.validation_plugin();
    out.validationParameter = validation.validation_parameter();
    ASSIGN_OR_RETURN(out.collections,
                     readField(chaincode, "Collections", read, [&out](BytesView stateData) {
                         const auto bytes = decodeStateBytes(stateData);
                         if (!bytes.ok()) return Result<std::vector<Collection>>(bytes.status());
                         out.collectionsBytes = *bytes;
                         return decodeCollections(*bytes);
                     }));
    return std::optional<ChaincodeDefinition>(std::move(out));
}

Status checkChaincodeName(std::string_view name) {
    constexpr std::string_view kReserved[] = {"cscc", "escc", "lscc", "qscc", "vscc"};
    const bool reserved =
        std::find(std::begin(kReserved), std::end(kReserved), name) != std::end(kReserved);
    bool good = !name.empty() && !reserved && isAlphanumeric(name.back());
    bool afterSeparator = true;
    for (const char c : name) {
        const bool separator = c == '-' || c == '_';
        good = good && (isAlphanumeric(c) || (separator && !afterSeparator));
        afterSeparator = separator;
    }
    return good ? Status() : badName("BAD_CHAINCODE_NAME", "contract name", name);
}

Status checkChaincodeVersion(std::string_view version) {
    const bool good = !version.empty() && std::all_of(version.begin(), version.end(), [](char c) {
        return isAlphanumeric(c) || c == '_' || c == '.' || c == '+' || c == '-';
    });
    return good ? Status() : badName("BAD_CHAINCODE_VERSION", "contract version", version);
}

Status checkCollectionName(std::string_view name) {
    const bool good = !name.empty() && name.front() != '_' &&
                      std::all_of(name.begin(), name.end(),
                                  [](char c) { return isAlphanumeric(c) || c == '_' || c == '-'; });
    return good ? Status() : badName("BAD_COLLECTION_NAME", "collection name", name);
}

}  // namespace chancery::protocol
