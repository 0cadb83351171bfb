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

Sentence fieldName(std::string_view field) {
    if (field == "Sequence") return say("FIELD_NUMBER", "sequence");
    if (field == "EndorsementInfo") return say("FIELD_VERSION", "version");
    if (field == "ValidationInfo") return say("FIELD_POLICY", "endorsement policy");
    if (field == "Collections") return say("FIELD_COLLECTIONS", "private collections");
    if (field == "PackageID") return say("FIELD_PACKAGE", "package");
    if (field.empty()) return say("FIELD_LIST", "list of fields");
    return {std::string(field)};
}

Sentence meaning(const LifecycleKey& key) {
    ErrorArguments arguments{{"contract", key.chaincode}};
    if (key.kind == LifecycleKey::Kind::Definition)
        return say("DEFINITION_FIELD", "definition of {contract}: {why}", std::move(arguments),
                   fieldName(key.field));
    arguments.emplace_back("sequence", std::to_string(key.sequence));
    Sentence field = fieldName(key.field);
    if (key.kind == LifecycleKey::Kind::Source)
        field = key.field.empty() ? say("FIELD_PACKAGES", "list of packages")
                                  : say("FIELD_PACKAGE", "package");
    return say("APPROVAL_FIELD", "approval of {contract}, sequence {sequence}: {why}",
               std::move(arguments), field);
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

Sentence LifecycleKeys::meaningOf(std::string_view contract, std::string_view collection,
                                  BytesView key) const {
    if (contract != protocol::kLifecycleNamespace) return {};
    if (!collection.empty()) {
        const auto known = m_private.find(key);
        return known == m_private.end() ? Sentence() : known->second;
    }
    const auto parsed = LifecycleKey::parse(key);
    return parsed ? meaning(*parsed) : Sentence();
}

Sentence LifecycleKeys::meaningOfValue(std::string_view contract, std::string_view collection,
                                       BytesView key, BytesView value,
                                       const channel::Bundle* bundle) const {
    if (contract != protocol::kLifecycleNamespace || !collection.empty()) return {};
    const auto parsed = LifecycleKey::parse(key);
    if (!parsed) return {};
    if (parsed->field == "Sequence") {
        const auto number = protocol::decodeStateInt(value);
        return number.ok() ? Sentence{std::to_string(*number)} : Sentence();
    }
    if (parsed->field.empty()) {
        const auto metadata = protocol::decodeStateMetadata(value);
        return metadata.ok() ? Sentence{metadata->datatype} : Sentence();
    }
    const auto bytes = protocol::decodeStateBytes(value);
    if (!bytes.ok()) return {};
    if (parsed->field == "EndorsementInfo") {
        const auto info = wire::parse<::lifecycle::ChaincodeEndorsementInfo>(*bytes, "info");
        if (info.ok() && info->init_required())
            return say("VERSION_TO_INITIALISE", "{version}, must be initialised",
                       {{"version", info->version()}});
        if (info.ok()) return {info->version()};
    } else if (parsed->field == "ValidationInfo") {
        const auto info = wire::parse<::lifecycle::ChaincodeValidationInfo>(*bytes, "info");
        if (info.ok()) return tellApplicationPolicy(info->validation_parameter(), bundle);
    } else if (parsed->field == "Collections") {
        const auto collections = protocol::decodeCollections(*bytes);
        if (!collections.ok()) return {};
        std::string names;
        for (const protocol::Collection& one : *collections)
            names += (names.empty() ? "" : ", ") + one.name;
        return names.empty() ? say("NONE", "none") : Sentence{names};
    }
    return {};
}

}  // namespace chancery::usecase
