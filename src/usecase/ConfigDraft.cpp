#include "src/usecase/ConfigDraft.h"

#include <algorithm>

#include <fmt/format.h>

#include "fabric/common/common.pb.h"
#include "fabric/common/configtx.pb.h"
#include "src/base/Encoding.h"
#include "src/base/File.h"
#include "src/channel/Authorisation.h"
#include "src/channel/Difference.h"
#include "src/channel/Elements.h"
#include "src/channel/Signing.h"
#include "src/channel/Update.h"
#include "src/crypto/Digest.h"
#include "src/usecase/ConfigChanges.h"
#include "src/usecase/ConfigFile.h"
#include "src/usecase/Json.h"
#include "src/usecase/Rfc3339.h"
#include "src/wire/Parse.h"
#include "src/wire/Serialize.h"

namespace chancery::usecase {
namespace {

constexpr int kVersion = 1;
constexpr std::size_t kMaxSignatures = 1'000;
constexpr std::size_t kMaxReason = 4'096;

Status notADraft(std::string_view path, std::string_view why) {
    return makeError(StatusCode::kInvalidArgument, "NOT_A_DRAFT",
                     fmt::format("the file is not a draft: {} {}", path, why),
                     {{"path", std::string(path)}});
}

Status damaged(std::string_view path, std::string_view why) {
    return makeError(
        StatusCode::kInvalidArgument, "DRAFT_DAMAGED",
        fmt::format("the draft was changed by somebody or something: {} {}", path, why),
        {{"path", std::string(path)}});
}

/// Members of one JSON object; what is not asked for makes no draft.
class Members {
public:
    static Result<Members> of(const Json& json, std::string path,
                              std::initializer_list<std::string_view> known) {
        if (!json.is_object()) return notADraft(path.empty() ? "it" : path, "is no object");
        for (const auto& [name, value] : json.items())
            if (std::find(known.begin(), known.end(), name) == known.end())
                return notADraft(join(path, printable(name, 64)), "is unknown");
        return Members(json, std::move(path));
    }

    Result<std::string> text(const char* name, std::size_t most = kMaxReason) const {
        const auto found = m_json.find(name);
        if (found == m_json.end() || !found->is_string())
            return notADraft(join(m_path, name), "is no text");
        auto value = found->get<std::string>();
        if (value.size() > most) return notADraft(join(m_path, name), "is too long");
        return value;
    }
    Result<Bytes> bytes(const char* name) const {
        ASSIGN_OR_RETURN(const std::string value, text(name, kMaxDraftBytes));
        auto decoded = fromBase64(value);
        if (!decoded.ok()) return notADraft(join(m_path, name), "is no base64");
        return decoded;
    }
    Result<std::uint64_t> number(const char* name) const {
        const auto found = m_json.find(name);
        if (found == m_json.end() || !found->is_number_unsigned())
            return notADraft(join(m_path, name), "is no number");
        return found->get<std::uint64_t>();
    }
    Result<const Json*> list(const char* name) const {
        const auto found = m_json.find(name);
        if (found == m_json.end() || !found->is_array())
            return notADraft(join(m_path, name), "is no list");
        if (found->size() > kMaxSignatures) return notADraft(join(m_path, name), "is too long");
        return &*found;
    }
    bool has(const char* name) const { return m_json.contains(name); }
    const Json& at(const char* name) const { return *m_json.find(name); }

    static std::string join(const std::string& path, const std::string& name) {
        return path.empty() ? name : path + "." + name;
    }

private:
    Members(const Json& json, std::string path) : m_json(json), m_path(std::move(path)) {}
    const Json& m_json;
    std::string m_path;
};

Result<std::vector<DraftSignature>> readSignatures(const Members& members) {
    ASSIGN_OR_RETURN(const Json* list, members.list("signatures"));
    std::vector<DraftSignature> read;
    for (const Json& json : *list) {
        ASSIGN_OR_RETURN(const Members one,
                         Members::of(json, fmt::format("signatures.{}", read.size()),
                                     {"by", "header", "signature"}));
        DraftSignature signature;
        ASSIGN_OR_RETURN(signature.header, one.bytes("header"));
        ASSIGN_OR_RETURN(signature.signature, one.bytes("signature"));
        read.push_back(std::move(signature));
    }
    return read;
}

Result<std::vector<DraftRejection>> readRejections(const Members& members) {
    ASSIGN_OR_RETURN(const Json* list, members.list("rejections"));
    std::vector<DraftRejection> read;
    for (const Json& json : *list) {
        ASSIGN_OR_RETURN(const Members one,
                         Members::of(json, fmt::format("rejections.{}", read.size()),
                                     {"by", "reason", "header", "signature"}));
        DraftRejection rejection;
        ASSIGN_OR_RETURN(rejection.reason, one.text("reason"));
        ASSIGN_OR_RETURN(rejection.header, one.bytes("header"));
        ASSIGN_OR_RETURN(rejection.signature, one.bytes("signature"));
        read.push_back(std::move(rejection));
    }
    return read;
}

Result<Bytes> creatorOf(BytesView header) {
    ASSIGN_OR_RETURN(const auto parsed,
                     wire::parse<::common::SignatureHeader>(header, "signature_header"));
    return parsed.creator();
}

bool sameCreator(BytesView a, BytesView b) {
    const auto first = creatorOf(a);
    const auto second = creatorOf(b);
    return first.ok() && second.ok() && *first == *second;
}

std::string nameIn(IdentityNames& names, BytesView header) {
    const auto creator = creatorOf(header);
    if (!creator.ok()) return "?";
    const IdentityName& name = names.of(*creator);
    return printable(fmt::format("{} ({})", name.commonName, name.mspId.str()), 512);
}

Status checkMember(const ConfigDraft& draft, const identity::SigningIdentity& signer) {
    ASSIGN_OR_RETURN(const auto base, draft.base());
    const auto known = base->msps()->deserialize(signer.serialized());
    if (known.ok()) return absl::OkStatus();
    return makeError(StatusCode::kPermissionDenied, "NOT_A_MEMBER",
                     fmt::format("channel {} does not know {} ({}): {}", draft.channel.str(),
                                 signer.certificate().commonName(), signer.mspId().str(),
                                 messageOf(known.status())),
                     {{"channel", draft.channel.str()}, {"msp", signer.mspId().str()}});
}

/// Whether a signature is one of these bytes by somebody whom the channel knows.
Status checkSignature(const channel::Bundle& base, BytesView message, BytesView header,
                      BytesView signature) {
    ASSIGN_OR_RETURN(const Bytes creator, creatorOf(header));
    const Bytes signedBytes = Bytes(header) + Bytes(message);
    const policy::SignedData data{signedBytes, creator, signature};
    const auto verified = policy::verifySignatures({&data, 1}, *base.msps());
    return verified.verdicts.front().accepted ? absl::OkStatus() : verified.verdicts.front().why;
}

Result<ConfigDraft> signaturesOfUpdate(BytesView bytes, std::string_view name) {
    ASSIGN_OR_RETURN(const ConfigFile file, readConfig(Bytes(bytes), name));
    ::common::ConfigUpdateEnvelope envelope;
    if (file.messageName == "common.ConfigUpdateEnvelope") {
        ASSIGN_OR_RETURN(envelope,
                         wire::parse<::common::ConfigUpdateEnvelope>(file.bytes, "update"));
    } else if (file.messageName == "common.Envelope" && file.update != nullptr && !file.config) {
        ASSIGN_OR_RETURN(const auto outer, wire::parse<::common::Envelope>(file.bytes, "envelope"));
        ASSIGN_OR_RETURN(const auto payload,
                         wire::parse<::common::Payload>(outer.payload(), "payload"));
        ASSIGN_OR_RETURN(
            envelope, wire::parse<::common::ConfigUpdateEnvelope>(payload.data(), "payload.data"));
    } else {
        return makeError(StatusCode::kInvalidArgument, "NO_UPDATE",
                         "the file holds neither a draft nor a signed update");
    }
    ConfigDraft draft;
    draft.update = envelope.config_update();
    for (const auto& signature : envelope.signatures())
        draft.signatures.push_back({signature.signature_header(), signature.signature()});
    return draft;
}

}  // namespace

Bytes DraftRejection::messageOf(BytesView update, const std::string& reason) {
    return fmt::format("chancery draft rejection\n{}\n{}", toHex(crypto::sha256(update)), reason);
}

std::string ConfigDraft::digest() const {
    return toHex(crypto::sha256(update));
}

std::string ConfigDraft::baseDigest() const {
    return toHex(crypto::sha256(baseConfig));
}

Bytes ConfigDraft::envelope() const {
    ::common::ConfigUpdateEnvelope envelope;
    envelope.set_config_update(update);
    for (const DraftSignature& signature : signatures) {
        auto& added = *envelope.add_signatures();
        added.set_signature_header(signature.header);
        added.set_signature(signature.signature);
    }
    return wire::serialize(envelope);
}

Result<channel::BundlePtr> ConfigDraft::base() const {
    ASSIGN_OR_RETURN(const auto config, wire::parse<::common::Config>(baseConfig, "base.config"));
    return channel::Bundle::fromConfig(channel, config);
}

Result<ConfigDraft> makeDraft(const ChannelId& channelId, BytesView base, BytesView target) {
    ASSIGN_OR_RETURN(const auto before, wire::parse<::common::Config>(base, "base"));
    ASSIGN_OR_RETURN(const auto after, wire::parse<::common::Config>(target, "target"));
    ASSIGN_OR_RETURN(const auto update, channel::computeUpdate(channelId, before, after));
    ASSIGN_OR_RETURN(const auto current, channel::Bundle::fromConfig(channelId, before));
    ASSIGN_OR_RETURN(const auto proposed,
                     channel::Bundle::fromConfig(channelId, after, current.get()));
    RETURN_IF_ERROR(channel::checkSuccession(*current, *proposed));
    RETURN_IF_ERROR(channel::checkOrdererRules(*current, *proposed));
    RETURN_IF_ERROR(channel::checkMaintenanceUpdate(*current, *proposed, update));
    ConfigDraft draft;
    draft.channel = channelId;
    draft.baseSequence = before.sequence();
    draft.baseConfig = Bytes(base);
    draft.update = wire::serialize(update);
    return draft;
}

Result<ConfigDraft> parseDraft(BytesView bytes) {
    const Json json = Json::parse(bytes.begin(), bytes.end(), nullptr, false);
    if (json.is_discarded()) return notADraft("it", "is no JSON");
    if (!json.is_object() || !json.contains("chancery_draft"))
        return notADraft("it", "has no \"chancery_draft\"");
    if (json["chancery_draft"] != kVersion)
        return makeError(StatusCode::kInvalidArgument, "UNSUPPORTED_DRAFT",
                         "the draft was made by a later version of Chancery");
    ASSIGN_OR_RETURN(const Members members,
                     Members::of(json, {},
                                 {"chancery_draft", "channel", "base", "update", "update_sha256",
                                  "note", "expires", "changes", "signatures", "rejections"}));
    ConfigDraft draft;
    ASSIGN_OR_RETURN(const std::string channelName, members.text("channel", 249));
    draft.channel = ChannelId(channelName);
    RETURN_IF_ERROR(channel::checkChannelName(draft.channel));
    if (!members.has("base")) return notADraft("base", "is missing");
    ASSIGN_OR_RETURN(const Members base,
                     Members::of(members.at("base"), "base", {"sequence", "sha256", "config"}));
    ASSIGN_OR_RETURN(draft.baseSequence, base.number("sequence"));
    ASSIGN_OR_RETURN(draft.baseConfig, base.bytes("config"));
    ASSIGN_OR_RETURN(const std::string baseDigest, base.text("sha256", 64));
    if (baseDigest != draft.baseDigest()) return damaged("base.config", "has another hash");
    ASSIGN_OR_RETURN(draft.update, members.bytes("update"));
    ASSIGN_OR_RETURN(const std::string digest, members.text("update_sha256", 64));
    if (digest != draft.digest()) return damaged("update", "has another hash");
    if (members.has("note")) {
        ASSIGN_OR_RETURN(draft.note, members.text("note"));
    }
    if (members.has("expires")) {
        ASSIGN_OR_RETURN(const std::string text, members.text("expires", 64));
        absl::Time time;
        if (!absl::ParseTime(absl::RFC3339_full, text, &time, nullptr))
            return notADraft("expires", "is no time");
        draft.expires = time;
    }
    ASSIGN_OR_RETURN(draft.signatures, readSignatures(members));
    ASSIGN_OR_RETURN(draft.rejections, readRejections(members));
    ASSIGN_OR_RETURN(const auto config,
                     wire::parse<::common::Config>(draft.baseConfig, "base.config"));
    if (config.sequence() != draft.baseSequence) return damaged("base.sequence", "is another");
    ASSIGN_OR_RETURN(const auto update, channel::decodeConfigUpdate(draft.update));
    if (update.channel_id() != draft.channel.str()) return damaged("channel", "is another");
    return draft;
}

Result<ConfigDraft> readDraft(const std::filesystem::path& path) {
    ASSIGN_OR_RETURN(const Bytes bytes, readFile(path, 2 * kMaxDraftBytes));
    return parseDraft(bytes);
}

Bytes draftFile(const ConfigDraft& draft) {
    IdentityNames names;
    Json json{{"chancery_draft", kVersion},
              {"channel", draft.channel.str()},
              {"base",
               {{"sequence", draft.baseSequence},
                {"sha256", draft.baseDigest()},
                {"config", toBase64(draft.baseConfig)}}},
              {"update", toBase64(draft.update)},
              {"update_sha256", draft.digest()}};
    if (!draft.note.empty()) json["note"] = draft.note;
    if (draft.expires) json["expires"] = rfc3339(*draft.expires);
    Json changes = Json::array();
    if (const auto target = draftTarget(draft); target.ok()) {
        const auto before = wire::parse<::common::Config>(draft.baseConfig, "base");
        const auto after = wire::parse<::common::Config>(*target, "target");
        if (before.ok() && after.ok())
            for (const ConfigChange& change : tellConfigChange(&*before, *after))
                changes.push_back(change.sentence);
    }
    json["changes"] = std::move(changes);
    json["signatures"] = Json::array();
    for (const DraftSignature& signature : draft.signatures)
        json["signatures"].push_back({{"by", nameIn(names, signature.header)},
                                      {"header", toBase64(signature.header)},
                                      {"signature", toBase64(signature.signature)}});
    json["rejections"] = Json::array();
    for (const DraftRejection& rejection : draft.rejections)
        json["rejections"].push_back({{"by", nameIn(names, rejection.header)},
                                      {"reason", rejection.reason},
                                      {"header", toBase64(rejection.header)},
                                      {"signature", toBase64(rejection.signature)}});
    return toText(json);
}

Result<Bytes> draftTarget(const ConfigDraft& draft) {
    ASSIGN_OR_RETURN(auto config, wire::parse<::common::Config>(draft.baseConfig, "base.config"));
    ASSIGN_OR_RETURN(const auto update, channel::decodeConfigUpdate(draft.update));
    ASSIGN_OR_RETURN(channel::ConfigMap elements, channel::flatten(config.channel_group()));
    ASSIGN_OR_RETURN(const channel::ConfigMap reads, channel::flatten(update.read_set()));
    ASSIGN_OR_RETURN(const channel::ConfigMap writes, channel::flatten(update.write_set()));
    for (const auto& [key, element] : writes) {
        const auto read = reads.find(key);
        if (read == reads.end() || read->second.version() != element.version())
            elements[key] = element;
    }
    ASSIGN_OR_RETURN(::common::ConfigGroup after, channel::rebuild(elements));
    *config.mutable_channel_group() = std::move(after);
    config.set_sequence(config.sequence() + 1);
    return wire::serialize(config);
}

Status signDraft(ConfigDraft& draft, const identity::SigningIdentity& signer, absl::Time now) {
    if (draft.expires && *draft.expires <= now)
        return makeError(StatusCode::kFailedPrecondition, "DRAFT_EXPIRED",
                         fmt::format("the draft ended at {}", rfc3339(*draft.expires)),
                         {{"expires", rfc3339(*draft.expires)}});
    RETURN_IF_ERROR(checkMember(draft, signer));
    for (const DraftSignature& signature : draft.signatures) {
        const auto creator = creatorOf(signature.header);
        if (creator.ok() && *creator == signer.serialized())
            return makeError(
                StatusCode::kAlreadyExists, "ALREADY_SIGNED",
                fmt::format("{} ({}) has signed this draft before",
                            signer.certificate().commonName(), signer.mspId().str()),
                {{"name", signer.certificate().commonName()}, {"msp", signer.mspId().str()}});
    }
    ASSIGN_OR_RETURN(const auto signature, channel::signUpdate(signer, draft.update));
    draft.signatures.push_back({signature.signature_header(), signature.signature()});
    return absl::OkStatus();
}

Status rejectDraft(ConfigDraft& draft, const identity::SigningIdentity& signer,
                   const std::string& reason) {
    if (reason.empty() || reason.size() > kMaxReason)
        return makeError(StatusCode::kInvalidArgument, "NO_REASON",
                         "a rejection has a reason of at most 4096 bytes");
    RETURN_IF_ERROR(checkMember(draft, signer));
    for (const DraftRejection& rejection : draft.rejections) {
        const auto creator = creatorOf(rejection.header);
        if (creator.ok() && *creator == signer.serialized())
            return makeError(
                StatusCode::kAlreadyExists, "ALREADY_REJECTED",
                fmt::format("{} ({}) has rejected this draft before",
                            signer.certificate().commonName(), signer.mspId().str()),
                {{"name", signer.certificate().commonName()}, {"msp", signer.mspId().str()}});
    }
    ASSIGN_OR_RETURN(const auto signature,
                     channel::signUpdate(signer, DraftRejection::messageOf(draft.update, reason)));
    draft.rejections.push_back({signature.signature_header(), signature.signature(), reason});
    return absl::OkStatus();
}

Result<DraftMerge> mergeDraft(ConfigDraft& draft, BytesView bytes, std::string_view name) {
    auto other = parseDraft(bytes);
    if (reasonOf(other.status()) == "NOT_A_DRAFT") {
        auto update = signaturesOfUpdate(bytes, name);
        // A file of neither kind is refused in the words for drafts.
        if (update.ok() || reasonOf(update.status()) == "NO_UPDATE") other = std::move(update);
    }
    if (!other.ok()) return withContext(other.status(), name);
    if (other->update != draft.update)
        return makeError(StatusCode::kFailedPrecondition, "OTHER_DRAFT",
                         fmt::format("{} is about other bytes: its digest is {}…, not {}…", name,
                                     other->digest().substr(0, 12), draft.digest().substr(0, 12)),
                         {{"file", std::string(name)}});
    ASSIGN_OR_RETURN(const auto base, draft.base());
    DraftMerge merge;
    IdentityNames names;
    const auto take = [&](auto& ours, const auto& theirs, const auto& messageOf) {
        for (const auto& one : theirs) {
            const bool known = std::any_of(ours.begin(), ours.end(), [&](const auto& present) {
                return sameCreator(present.header, one.header);
            });
            if (known) {
                ++merge.known;
                continue;
            }
            if (const Status good =
                    checkSignature(*base, messageOf(one), one.header, one.signature);
                !good.ok()) {
                merge.leftOut.push_back(
                    fmt::format("{}: {}", nameIn(names, one.header), chancery::messageOf(good)));
                continue;
            }
            ours.push_back(one);
            ++merge.added;
        }
    };
    take(draft.signatures, other->signatures, [&](const auto&) { return draft.update; });
    take(draft.rejections, other->rejections, [&](const DraftRejection& one) {
        return DraftRejection::messageOf(draft.update, one.reason);
    });
    return merge;
}

}  // namespace chancery::usecase
