#include "src/usecase/CollectionsText.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "fabric/common/policies.pb.h"
#include "fabric/peer/collection.pb.h"
#include "fabric/peer/policy.pb.h"
#include "src/policy/SignaturePolicy.h"

namespace chancery::usecase {
namespace {

using Json = nlohmann::json;

Status bad(std::size_t index, std::string_view what) {
    return makeError(StatusCode::kInvalidArgument, "BAD_COLLECTIONS",
                     fmt::format("collection {}: {}", index, what),
                     {{"index", std::to_string(index)}});
}

/// The members of one entry, each of the kind that it must have.
class Entry {
public:
    Entry(const Json& json, std::size_t index) : m_json(json), m_index(index) {}

    Result<std::string> text(const Json& of, const char* name) const {
        const auto found = of.find(name);
        if (found == of.end() || found->is_null()) return std::string();
        if (!found->is_string()) return bad(m_index, fmt::format("{} is not a text", name));
        return found->get<std::string>();
    }
    Result<std::int64_t> number(const char* name) const {
        const auto found = m_json.find(name);
        if (found == m_json.end() || found->is_null()) return 0;
        if (!found->is_number_integer() || found->get<std::int64_t>() < 0)
            return bad(m_index, fmt::format("{} is not a number", name));
        return found->get<std::int64_t>();
    }
    Result<bool> flag(const char* name) const {
        const auto found = m_json.find(name);
        if (found == m_json.end() || found->is_null()) return false;
        if (!found->is_boolean()) return bad(m_index, fmt::format("{} is not true or false", name));
        return found->get<bool>();
    }

    Status read(::protos::StaticCollectionConfig& to) const {
        ASSIGN_OR_RETURN(*to.mutable_name(), text(m_json, "name"));
        if (to.name().empty()) return bad(m_index, "has no name");
        ASSIGN_OR_RETURN(const std::string policy, text(m_json, "policy"));
        auto members = policy::parsePolicyText(policy);
        if (!members.ok()) return withContext(members.status(), "collection " + to.name());
        *to.mutable_member_orgs_policy()->mutable_signature_policy() = *std::move(members);
        ASSIGN_OR_RETURN(const auto required, number("requiredPeerCount"));
        ASSIGN_OR_RETURN(const auto most, number("maxPeerCount"));
        ASSIGN_OR_RETURN(const auto blocks, number("blockToLive"));
        to.set_required_peer_count(static_cast<std::int32_t>(required));
        to.set_maximum_peer_count(static_cast<std::int32_t>(most));
        to.set_block_to_live(static_cast<std::uint64_t>(blocks));
        ASSIGN_OR_RETURN(const bool read, flag("memberOnlyRead"));
        ASSIGN_OR_RETURN(const bool write, flag("memberOnlyWrite"));
        to.set_member_only_read(read);
        to.set_member_only_write(write);
        return readEndorsement(to);
    }

private:
    Status readEndorsement(::protos::StaticCollectionConfig& to) const {
        const auto found = m_json.find("endorsementPolicy");
        if (found == m_json.end() || found->is_null()) return absl::OkStatus();
        if (!found->is_object()) return bad(m_index, "endorsementPolicy is not an object");
        ASSIGN_OR_RETURN(const std::string signature, text(*found, "signaturePolicy"));
        ASSIGN_OR_RETURN(const std::string reference, text(*found, "channelConfigPolicy"));
        if (signature.empty() == reference.empty())
            return bad(m_index,
                       "endorsementPolicy has not exactly one of signaturePolicy and "
                       "channelConfigPolicy");
        if (!reference.empty()) {
            to.mutable_endorsement_policy()->set_channel_config_policy_reference(reference);
            return absl::OkStatus();
        }
        ASSIGN_OR_RETURN(*to.mutable_endorsement_policy()->mutable_signature_policy(),
                         policy::parsePolicyText(signature));
        return absl::OkStatus();
    }

    const Json& m_json;
    const std::size_t m_index;
};

}  // namespace

Status readCollectionsJson(const std::string& json, ::protos::CollectionConfigPackage& to) {
    const Json root = Json::parse(json, nullptr, false);
    if (!root.is_array())
        return makeError(StatusCode::kInvalidArgument, "BAD_COLLECTIONS",
                         "collections are a JSON list");
    for (std::size_t i = 0; i < root.size(); ++i) {
        if (!root[i].is_object()) return bad(i, "is not an object");
        RETURN_IF_ERROR(
            Entry(root[i], i).read(*to.add_config()->mutable_static_collection_config()));
    }
    return absl::OkStatus();
}

}  // namespace chancery::usecase
