// Values of the lifecycle namespace: typed state data and collection packages.
#include <fmt/format.h>

#include <fabric/peer/collection.pb.h>
#include <fabric/peer/lifecycle/db.pb.h>

#include "src/protocol/Lifecycle.h"
#include "src/wire/Parse.h"
#include "src/wire/Serialize.h"

namespace chancery::protocol {
namespace {

using ::lifecycle::StateData;

Result<StateData> decodeKind(BytesView bytes, StateData::TypeCase kind) {
    ASSIGN_OR_RETURN(StateData data, wire::parse<StateData>(bytes, "state_data"));
    if (data.Type_case() == kind) return data;
    return makeError(StatusCode::kInvalidArgument, "WRONG_KIND",
                     fmt::format("state data holds field {}, not {}",
                                 static_cast<int>(data.Type_case()), static_cast<int>(kind)));
}

Collection fromMessage(const ::protos::StaticCollectionConfig& message) {
    Collection out;
    out.name = message.name();
    if (message.member_orgs_policy().has_signature_policy())
        out.memberOrgsPolicy = wire::serialize(message.member_orgs_policy().signature_policy());
    out.requiredPeerCount = message.required_peer_count();
    out.maximumPeerCount = message.maximum_peer_count();
    out.blockToLive = message.block_to_live();
    out.memberOnlyRead = message.member_only_read();
    out.memberOnlyWrite = message.member_only_write();
    if (message.has_endorsement_policy())
        out.endorsementPolicy = wire::serialize(message.endorsement_policy());
    return out;
}

}  // namespace

Result<std::int64_t> decodeStateInt(BytesView stateData) {
    ASSIGN_OR_RETURN(const StateData data, decodeKind(stateData, StateData::kInt64));
    return data.int64();
}

Result<Bytes> decodeStateBytes(BytesView stateData) {
    ASSIGN_OR_RETURN(const StateData data, decodeKind(stateData, StateData::kBytes));
    return data.bytes();
}

Result<std::string> decodeStateString(BytesView stateData) {
    ASSIGN_OR_RETURN(const StateData data, decodeKind(stateData, StateData::kString));
    return data.string();
}

Bytes encodeStateInt(std::int64_t value) {
    StateData message;
    message.set_int64(value);
    return wire::serialize(message);
}

Bytes encodeStateBytes(BytesView value) {
    StateData message;
    message.set_bytes(std::string(value));
    return wire::serialize(message);
}

Bytes encodeStateString(std::string_view value) {
    StateData message;
    message.set_string(std::string(value));
    return wire::serialize(message);
}

Result<StateMetadata> decodeStateMetadata(BytesView bytes) {
    ASSIGN_OR_RETURN(auto message,
                     wire::parse<::lifecycle::StateMetadata>(bytes, "state_metadata"));
    StateMetadata out{std::move(*message.mutable_datatype()), {}};
    out.fields.reserve(static_cast<std::size_t>(message.fields_size()));
    for (std::string& field : *message.mutable_fields()) out.fields.push_back(std::move(field));
    return out;
}

Bytes encodeStateMetadata(const StateMetadata& metadata) {
    ::lifecycle::StateMetadata message;
    message.set_datatype(metadata.datatype);
    for (const std::string& field : metadata.fields) message.add_fields(field);
    return wire::serialize(message);
}

Result<std::vector<Collection>> decodeCollections(BytesView collectionConfigPackage) {
    ASSIGN_OR_RETURN(const auto message, wire::parse<::protos::CollectionConfigPackage>(
                                             collectionConfigPackage, "collections"));
    std::vector<Collection> out;
    for (const auto& config : message.config()) {
        if (!config.has_static_collection_config())
            return makeError(StatusCode::kInvalidArgument, "UNSUPPORTED_COLLECTION",
                             fmt::format("collections.config[{}] is of no known kind", out.size()),
                             {{"path", fmt::format("collections.config[{}]", out.size())}});
        out.push_back(fromMessage(config.static_collection_config()));
    }
    return out;
}

Result<Bytes> encodeCollections(const std::vector<Collection>& collections) {
    ::protos::CollectionConfigPackage message;
    for (const Collection& collection : collections) {
        auto* out = message.add_config()->mutable_static_collection_config();
        out->set_name(collection.name);
        if (!collection.memberOrgsPolicy.empty())
            RETURN_IF_ERROR(
                wire::parseInto(*out->mutable_member_orgs_policy()->mutable_signature_policy(),
                                collection.memberOrgsPolicy, "member_orgs_policy"));
        out->set_required_peer_count(collection.requiredPeerCount);
        out->set_maximum_peer_count(collection.maximumPeerCount);
        out->set_block_to_live(collection.blockToLive);
        out->set_member_only_read(collection.memberOnlyRead);
        out->set_member_only_write(collection.memberOnlyWrite);
        if (!collection.endorsementPolicy.empty())
            RETURN_IF_ERROR(wire::parseInto(*out->mutable_endorsement_policy(),
                                            collection.endorsementPolicy, "endorsement_policy"));
    }
    return wire::serialize(message);
}

}  // namespace chancery::protocol
