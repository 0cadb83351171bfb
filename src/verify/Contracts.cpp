#include "src/verify/Contracts.h"

#include <fmt/format.h>

#include "fabric/peer/chaincode.pb.h"
#include "fabric/peer/collection.pb.h"
#include "fabric/peer/lifecycle/chaincode_definition.pb.h"
#include "fabric/peer/lifecycle/db.pb.h"
#include "src/protocol/Lifecycle.h"
#include "src/wire/Parse.h"
#include "src/wire/Serialize.h"

namespace chancery::verify {
namespace {

constexpr std::size_t kMostKept = 4096;

std::vector<Contract::Collection> collectionsOf(const protos::CollectionConfigPackage& package) {
    std::vector<Contract::Collection> collections;
    for (const auto& config : package.config()) {
        if (!config.has_static_collection_config()) continue;
        const auto& from = config.static_collection_config();
        Contract::Collection collection{from.name(), std::nullopt, from.block_to_live()};
        if (from.has_endorsement_policy())
            collection.endorsementPolicy = wire::serialize(from.endorsement_policy());
        collections.push_back(std::move(collection));
    }
    return collections;
}

/// Reads one definition; the first thing that cannot be read is kept as `broken`.
class Reader {
public:
    Reader(std::string_view name, const StateReader& state) : m_state(state) {
        m_contract.name = name;
    }

    Result<Contract> read() {
        RETURN_IF_ERROR(readCurrent());
        const bool nothing = m_contract.plugin.empty() && m_contract.policy.empty();
        if (m_contract.broken.empty() && nothing) RETURN_IF_ERROR(readLegacy());
        return std::move(m_contract);
    }

private:
    Status readCurrent() {
        ASSIGN_OR_RETURN(const Bytes metadata,
                         value(protocol::kLifecycleNamespace,
                               fmt::format("namespaces/metadata/{}", m_contract.name)));
        if (metadata.empty()) return {};
        m_contract.defined = true;
        const auto type = parse<lifecycle::StateMetadata>(metadata, "metadata");
        if (m_contract.broken.empty() && type.datatype() != "ChaincodeDefinition")
            m_contract.broken = fmt::format("its record is a {}", type.datatype());

        ASSIGN_OR_RETURN(const auto sequence, field("Sequence", lifecycle::StateData::kInt64));
        m_contract.sequence = sequence.int64();
        ASSIGN_OR_RETURN(const auto endorsement,
                         field("EndorsementInfo", lifecycle::StateData::kBytes));
        m_contract.version =
            parse<lifecycle::ChaincodeEndorsementInfo>(endorsement.bytes(), "EndorsementInfo")
                .version();
        ASSIGN_OR_RETURN(const auto validation,
                         field("ValidationInfo", lifecycle::StateData::kBytes));
        const auto info =
            parse<lifecycle::ChaincodeValidationInfo>(validation.bytes(), "ValidationInfo");
        m_contract.plugin = info.validation_plugin();
        m_contract.policy = info.validation_parameter();
        ASSIGN_OR_RETURN(const auto collections,
                         field("Collections", lifecycle::StateData::kBytes));
        m_contract.collections = collectionsOf(
            parse<protos::CollectionConfigPackage>(collections.bytes(), "Collections"));
        return {};
    }

    Status readLegacy() {
        ASSIGN_OR_RETURN(const Bytes record,
                         value(protocol::kLegacyLifecycleNamespace, m_contract.name));
        if (record.empty()) {
            m_contract.defined = false;
            return {};
        }
        m_contract.defined = true;
        m_contract.legacy = true;
        const auto data = parse<protos::ChaincodeData>(record, "ChaincodeData");
        m_contract.version = data.version();
        m_contract.plugin = data.vscc();
        if (data.has_policy()) {
            protos::ApplicationPolicy policy;
            *policy.mutable_signature_policy() = data.policy();
            m_contract.policy = wire::serialize(policy);
        }
        ASSIGN_OR_RETURN(const Bytes collections, value(protocol::kLegacyLifecycleNamespace,
                                                        m_contract.name + "~collection"));
        m_contract.collections =
            collectionsOf(parse<protos::CollectionConfigPackage>(collections, "collections"));
        return {};
    }

    Result<Bytes> value(std::string_view ns, std::string_view key) {
        ASSIGN_OR_RETURN(auto found, m_state.get(ns, key));
        return found ? std::move(found->value) : Bytes();
    }

    Result<lifecycle::StateData> field(std::string_view name,
                                       lifecycle::StateData::TypeCase wanted) {
        ASSIGN_OR_RETURN(const Bytes bytes,
                         value(protocol::kLifecycleNamespace,
                               fmt::format("namespaces/fields/{}/{}", m_contract.name, name)));
        auto data = parse<lifecycle::StateData>(bytes, name);
        const auto type = data.Type_case();
        if (type != wanted && type != lifecycle::StateData::TYPE_NOT_SET) {
            if (m_contract.broken.empty())
                m_contract.broken = fmt::format("its field {} is of another kind", name);
            data.Clear();
        }
        return data;
    }

    template <class Message>
    Message parse(BytesView bytes, std::string_view what) {
        auto message = wire::parse<Message>(bytes, what);
        if (message.ok()) return *std::move(message);
        if (m_contract.broken.empty()) m_contract.broken = messageOf(message.status());
        return Message();
    }

    const StateReader& m_state;
    Contract m_contract;
};

}  // namespace

std::optional<Contract::Collection> Contract::collection(std::string_view name) const {
    if (!defined) return std::nullopt;
    if (!legacy && protocol::implicitCollectionOrg(name))
        return Collection{std::string(name), std::nullopt, 0};
    for (const auto& collection : collections)
        if (collection.name == name) return collection;
    return std::nullopt;
}

Result<const Contract*> Contracts::find(std::string_view name, const StateReader& state) {
    if (const auto known = m_known.find(name); known != m_known.end()) return &known->second;
    Contract contract;
    if (name == protocol::kLifecycleNamespace) {
        // Always there; which policy it has follows from the channel's configuration.
        contract.name = name;
        contract.defined = true;
        contract.plugin = "vscc";
    } else {
        ASSIGN_OR_RETURN(contract, Reader(name, state).read());
    }
    if (m_known.size() >= kMostKept) m_known.clear();
    return &m_known.emplace(name, std::move(contract)).first->second;
}

void Contracts::update(const PendingUpdates& updates) {
    if (updates.touches(protocol::kLifecycleNamespace) ||
        updates.touches(protocol::kLegacyLifecycleNamespace))
        forget();
}

}  // namespace chancery::verify
