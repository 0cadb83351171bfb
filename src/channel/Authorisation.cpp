#include "src/channel/Authorisation.h"

#include "fabric/common/common.pb.h"
#include "fabric/common/policies.pb.h"
#include "src/base/Encoding.h"
#include "src/channel/Elements.h"
#include "src/wire/Parse.h"

namespace chancery::channel {
namespace {

/// A configuration is mostly certificates; one that needs far more memory than bytes is an attack.
constexpr wire::ParseLimits kUpdateLimits{
    .maxBytes = 64u << 20, .memoryFactor = 4, .memorySlack = 16u << 20};

constexpr std::size_t kMaxSignedBytes = 32u << 20;

Status badUpdate(const Status& cause) {
    if (cause.code() == StatusCode::kResourceExhausted) return cause;
    return makeError(StatusCode::kInvalidArgument, "BAD_UPDATE",
                     fmt::format("the config update cannot be decoded: {}", messageOf(cause)),
                     argumentsOf(cause));
}

Status elementRefusal(StatusCode code, std::string_view reason, const ElementKey& key,
                      std::string_view sentence) {
    return makeError(code, reason, fmt::format("{} {}", printKey(key), sentence),
                     {{"path", key.path}});
}

template <class M>
Result<M> decode(BytesView bytes, std::string_view name) {
    auto message = wire::parse<M>(bytes, name, kUpdateLimits);
    if (!message.ok()) return badUpdate(message.status());
    return message;
}

/// Every element that was read must still have the version that was read.
Status checkReadSet(const ConfigMap& current, const ConfigMap& readSet) {
    for (const auto& [key, element] : readSet) {
        const auto existing = current.find(key);
        if (existing == current.end())
            return elementRefusal(StatusCode::kFailedPrecondition, "STALE_VERSION", key,
                                  "was read by the update, but does not exist");
        if (existing->second.version() != element.version())
            return elementRefusal(
                StatusCode::kFailedPrecondition, "STALE_VERSION", key,
                fmt::format("was read by the update at version {}, but is at version {}",
                            element.version(), existing->second.version()));
    }
    return absl::OkStatus();
}

/// What the update writes: elements of the write set that were not read in the same version.
Result<ConfigMap> deltaOf(const ConfigMap& readSet, const ConfigMap& writeSet) {
    ConfigMap delta;
    for (const auto& [key, element] : writeSet) {
        const auto read = readSet.find(key);
        if (read == readSet.end() || read->second.version() != element.version())
            delta.emplace(key, element);
    }
    if (delta.empty())
        return makeError(StatusCode::kInvalidArgument, "NO_DELTA",
                         "the update writes nothing and would have no effect");
    return delta;
}

Status checkVersion(const ConfigMap& current, const ElementKey& key, const Element& element) {
    const auto existing = current.find(key);
    if (existing == current.end()) {
        if (element.version() == 0) return absl::OkStatus();
        return elementRefusal(
            StatusCode::kFailedPrecondition, "STALE_VERSION", key,
            fmt::format("would get version {}, but does not exist", element.version()));
    }
    if (element.version() == existing->second.version() + 1) return absl::OkStatus();
    return elementRefusal(StatusCode::kFailedPrecondition, "STALE_VERSION", key,
                          fmt::format("would get version {}, but is at version {}",
                                      element.version(), existing->second.version()));
}

/// Where the policy stands that an element names (fact sheet A §4.5.5).
std::string policyPathOf(const ElementKey& key, const std::string& modPolicy) {
    if (!modPolicy.starts_with('/')) return fmt::format("{}/{}", key.rulingGroup(), modPolicy);
    // Fabric compares the beginning only and then skips one character, whatever it is.
    if (modPolicy.starts_with(kRootPath) && modPolicy.size() > kRootPath.size())
        return fmt::format("{}/{}", kRootPath, modPolicy.substr(kRootPath.size() + 1));
    return modPolicy;
}

std::string_view nameOf(ElementKind kind) {
    if (kind == ElementKind::Group) return "group";
    return kind == ElementKind::Value ? "value" : "policy";
}

/// The three maps of one update against one configuration; they point into the messages.
struct UpdateMaps {
    ConfigMap current;
    ConfigMap writeSet;
    ConfigMap delta;
};

Result<UpdateMaps> mapUpdate(const Bundle& bundle, const ::common::ConfigUpdate& update) {
    if (update.channel_id() != bundle.channelId().str())
        return makeError(StatusCode::kInvalidArgument, "WRONG_CHANNEL",
                         fmt::format("the update is for channel {}, not for {}",
                                     printable(update.channel_id(), 256), bundle.channelId().str()),
                         {{"channel", update.channel_id().substr(0, 256)}});
    UpdateMaps maps;
    ASSIGN_OR_RETURN(maps.current, flatten(bundle.config().channel_group()));
    ConfigMap readSet;
    if (update.has_read_set()) {
        ASSIGN_OR_RETURN(readSet, flatten(update.read_set()));
    }
    RETURN_IF_ERROR(checkReadSet(maps.current, readSet));
    if (update.has_write_set()) {
        ASSIGN_OR_RETURN(maps.writeSet, flatten(update.write_set()));
    }
    ASSIGN_OR_RETURN(maps.delta, deltaOf(readSet, maps.writeSet));
    for (const auto& [key, element] : maps.delta) {
        if (const Status status = checkModPolicy(element.modPolicy()); !status.ok())
            return elementRefusal(status.code(), "BAD_MOD_POLICY", key, messageOf(status));
        RETURN_IF_ERROR(checkVersion(maps.current, key, element));
    }
    return maps;
}

Result<policy::VerifiedSignatures> verifySignatures(
    const Bundle& bundle, const ::common::ConfigUpdateEnvelope& envelope) {
    // Each signature covers all bytes of the update once more.
    std::size_t signedBytes = 0;
    for (const auto& signature : envelope.signatures())
        signedBytes += signature.signature_header().size() + envelope.config_update().size();
    if (signedBytes > kMaxSignedBytes)
        return makeError(StatusCode::kResourceExhausted, "TOO_MANY_SIGNATURES",
                         fmt::format("{} signatures over an update of {} bytes are too many",
                                     envelope.signatures_size(), envelope.config_update().size()));
    std::vector<::common::SignatureHeader> headers;
    std::vector<Bytes> messages;
    headers.reserve(envelope.signatures_size());
    messages.reserve(envelope.signatures_size());
    std::vector<policy::SignedData> set;
    for (const auto& signature : envelope.signatures()) {
        ASSIGN_OR_RETURN(auto header, decode<::common::SignatureHeader>(
                                          signature.signature_header(), "signature_header"));
        headers.push_back(std::move(header));
        messages.push_back(signature.signature_header() + envelope.config_update());
        set.push_back({messages.back(), headers.back().creator(), signature.signature()});
    }
    return policy::verifySignatures(set, *bundle.msps());
}

/// Judges the elements of one delta; each policy is evaluated once.
class Judge {
public:
    Judge(const Bundle& bundle, std::span<const identity::IdentityPtr> identities)
        : m_bundle(bundle), m_identities(identities) {}

    Result<ElementVerdict> judge(const ConfigMap& current, const ElementKey& key,
                                 const Element& element) {
        ElementVerdict verdict;
        verdict.path = key.path;
        verdict.kind = nameOf(key.kind);
        verdict.version = element.version();
        const auto existing = current.find(key);
        verdict.isNew = existing == current.end();
        if (verdict.isNew) {
            verdict.explanation.satisfied = true;
            return verdict;
        }
        verdict.policy = policyPathOf(key, existing->second.modPolicy());
        const policy::PolicyPtr policy = m_bundle.policies().find(verdict.policy);
        if (policy == nullptr)
            return makeError(StatusCode::kPermissionDenied, "NO_SUCH_POLICY",
                             fmt::format("{} can be changed by nobody: there is no policy {}",
                                         printKey(key), verdict.policy),
                             {{"path", key.path}, {"policy", verdict.policy}});
        const auto [entry, isFirst] = m_explained.try_emplace(verdict.policy);
        if (isFirst) entry->second = policy->explain(m_identities);
        verdict.explanation = entry->second;
        return verdict;
    }

private:
    const Bundle& m_bundle;
    std::span<const identity::IdentityPtr> m_identities;
    std::map<std::string, policy::Explanation> m_explained;
};

Status refusalOf(const ElementVerdict& verdict, const policy::VerifiedSignatures& signatures) {
    const policy::Explanation& explanation = verdict.explanation;
    std::string sentence = fmt::format("{} needs the policy {}: {}", verdict.path, verdict.policy,
                                       policy::toSentence(explanation));
    const std::string rejected = policy::rejectedOf(signatures);
    if (!rejected.empty()) sentence += "; " + rejected;
    return makeError(StatusCode::kPermissionDenied, "POLICY_NOT_SATISFIED", sentence,
                     {{"path", verdict.path},
                      {"policy", verdict.policy},
                      {"have", std::to_string(explanation.have)},
                      {"needed", std::to_string(explanation.needed)},
                      {"missing", policy::missingOf(explanation)},
                      {"rejected", rejected}});
}

}  // namespace

Result<::common::ConfigUpdate> decodeConfigUpdate(BytesView bytes) {
    return decode<::common::ConfigUpdate>(bytes, "config_update");
}

Result<DecodedUpdate> decodeUpdate(const ::common::Envelope& envelope) {
    DecodedUpdate decoded;
    ASSIGN_OR_RETURN(const auto payload, decode<::common::Payload>(envelope.payload(), "payload"));
    if (!payload.has_header())
        return badUpdate(makeError(StatusCode::kInvalidArgument, "", "the envelope has no header"));
    ASSIGN_OR_RETURN(const auto header, decode<::common::ChannelHeader>(
                                            payload.header().channel_header(), "channel_header"));
    if (header.type() != ::common::CONFIG_UPDATE)
        return badUpdate(
            makeError(StatusCode::kInvalidArgument, "",
                      fmt::format("the envelope's type is {}, not CONFIG_UPDATE", header.type())));
    decoded.channelId = header.channel_id();
    ASSIGN_OR_RETURN(decoded.envelope,
                     decode<::common::ConfigUpdateEnvelope>(payload.data(), "payload.data"));
    ASSIGN_OR_RETURN(decoded.update, decodeConfigUpdate(decoded.envelope.config_update()));
    return decoded;
}

Result<UpdateVerdict> judgeUpdate(const Bundle& current,
                                  const ::common::ConfigUpdateEnvelope& envelope) {
    ASSIGN_OR_RETURN(const auto update, decodeConfigUpdate(envelope.config_update()));
    ASSIGN_OR_RETURN(const UpdateMaps maps, mapUpdate(current, update));
    UpdateVerdict verdict;
    ASSIGN_OR_RETURN(verdict.signatures, verifySignatures(current, envelope));
    Judge judge(current, verdict.signatures.identities);
    verdict.authorised = true;
    for (const auto& [key, element] : maps.delta) {
        ASSIGN_OR_RETURN(ElementVerdict one, judge.judge(maps.current, key, element));
        verdict.authorised = verdict.authorised && one.explanation.satisfied;
        verdict.elements.push_back(std::move(one));
    }
    return verdict;
}

Result<::common::ConfigGroup> authorise(const Bundle& current, const DecodedUpdate& decoded) {
    ASSIGN_OR_RETURN(UpdateMaps maps, mapUpdate(current, decoded.update));
    ASSIGN_OR_RETURN(const auto signatures, verifySignatures(current, decoded.envelope));
    Judge judge(current, signatures.identities);
    for (const auto& [key, element] : maps.delta) {
        ASSIGN_OR_RETURN(const ElementVerdict verdict, judge.judge(maps.current, key, element));
        if (!verdict.explanation.satisfied) return refusalOf(verdict, signatures);
    }
    for (const auto& [key, element] : maps.delta) maps.current[key] = element;
    // What is in the write set unchanged must be there too.
    for (const auto& [key, element] : maps.writeSet)
        if (!maps.current.contains(key))
            return elementRefusal(StatusCode::kInvalidArgument, "MISSING_ELEMENT", key,
                                  "stands in the write set, but not in the result");
    return rebuild(maps.current);
}

}  // namespace chancery::channel
