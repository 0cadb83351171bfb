#include "src/usecase/LifecycleKeys.h"

#include "fabric/peer/lifecycle/lifecycle.pb.h"
#include "src/crypto/Digest.h"
#include "src/protocol/Lifecycle.h"
#include "src/usecase/BlockDescriber.h"
#include "src/usecase/PolicyVerdicts.h"
#include "src/wire/Parse.h"

#include "fabric/peer/lifecycle/chaincode_definition.pb.h"

namespace chancery::usecase {
namespace {

using protocol::LifecycleKey;

constexpr std::string_view kFields[] = {"Sequence", "EndorsementInfo", "ValidationInfo",
                                        "Collections"};

std::string fieldName(std::string_view field) {
    if (field == "Sequence") return "number";
    if (field == "EndorsementInfo") return "version";
    if (field == "ValidationInfo") return "endorsement policy";
    if (field == "Collections") return "private collections";
    if (field == "PackageID") return "package";
    return field.empty() ? std::string("list of fields") : std::string(field);
}

std::string meaning(const LifecycleKey& key) {
    switch (key.kind) {
        case LifecycleKey::Kind::Definition:
            return fmt::format("definition of {}: {}", key.chaincode, fieldName(key.field));
        case LifecycleKey::Kind::Approval:
            return fmt::format("approval of {}, definition {}: {}", key.chaincode, key.sequence,
                               fieldName(key.field));
        case LifecycleKey::Kind::Source:
            return fmt::format("approval of {}, definition {}: {}", key.chaincode, key.sequence,
                               key.field.empty() ? "list of packages" : "package");
    }
    return {};
}

}  // namespace

LifecycleKeys::LifecycleKeys(const protocol::Transaction& transaction) {
    if (contractOf(transaction) != protocol::kLifecycleNamespace || transaction.actions.empty())
        return;
    const auto& invocation = transaction.actions.front().invocation;
    if (!invocation || invocation->args.size() < 2) return;
    // The argument messages of approve and commit begin with the same fields.
    const auto args =
        wire::parse<::lifecycle::CommitChaincodeDefinitionArgs>(invocation->args[1], "args");
    if (!args.ok() || args->name().empty() || args->sequence() < 0) return;
    const auto add = [&](LifecycleKey::Kind kind, std::string_view field) {
        const LifecycleKey key{.kind = kind,
                               .chaincode = args->name(),
                               .sequence = static_cast<std::uint64_t>(args->sequence()),
                               .field = std::string(field)};
        m_private.emplace(crypto::sha256(key.str()), meaning(key));
    };
    add(LifecycleKey::Kind::Approval, "");
    for (const std::string_view field : kFields) add(LifecycleKey::Kind::Approval, field);
    add(LifecycleKey::Kind::Source, "");
    add(LifecycleKey::Kind::Source, "PackageID");
}

std::string LifecycleKeys::meaningOf(std::string_view contract, std::string_view collection,
                                     BytesView key) const {
    if (contract != protocol::kLifecycleNamespace) return {};
    if (!collection.empty()) {
        const auto known = m_private.find(key);
        return known == m_private.end() ? std::string() : known->second;
    }
    const auto parsed = LifecycleKey::parse(key);
    return parsed ? meaning(*parsed) : std::string();
}

std::string LifecycleKeys::meaningOfValue(std::string_view contract, std::string_view collection,
                                          BytesView key, BytesView value,
                                          const channel::Bundle* bundle) const {
    if (contract != protocol::kLifecycleNamespace || !collection.empty()) return {};
    const auto parsed = LifecycleKey::parse(key);
    if (!parsed) return {};
    if (parsed->field == "Sequence") {
        const auto number = protocol::decodeStateInt(value);
        return number.ok() ? std::to_string(*number) : std::string();
    }
    if (parsed->field.empty()) {
        const auto metadata = protocol::decodeStateMetadata(value);
        return metadata.ok() ? metadata->datatype : std::string();
    }
    const auto bytes = protocol::decodeStateBytes(value);
    if (!bytes.ok()) return {};
    if (parsed->field == "EndorsementInfo") {
        const auto info = wire::parse<::lifecycle::ChaincodeEndorsementInfo>(*bytes, "info");
        if (info.ok())
            return info->version() + (info->init_required() ? ", must be initialised" : "");
    } else if (parsed->field == "ValidationInfo") {
        const auto info = wire::parse<::lifecycle::ChaincodeValidationInfo>(*bytes, "info");
        if (info.ok()) return applicationPolicyText(info->validation_parameter(), bundle);
    } else if (parsed->field == "Collections") {
        const auto collections = protocol::decodeCollections(*bytes);
        if (!collections.ok()) return {};
        std::string names;
        for (const protocol::Collection& one : *collections)
            names += (names.empty() ? "" : ", ") + one.name;
        return names.empty() ? "none" : names;
    }
    return {};
}

}  // namespace chancery::usecase
