#include "src/protocol/ValidationCode.h"

#include <fmt/format.h>

#include <charconv>
#include <utility>

namespace chancery::protocol {
namespace {

constexpr std::pair<ValidationCode, std::string_view> kNames[] = {
    {ValidationCode::Valid, "VALID"},
    {ValidationCode::NilEnvelope, "NIL_ENVELOPE"},
    {ValidationCode::BadPayload, "BAD_PAYLOAD"},
    {ValidationCode::BadCommonHeader, "BAD_COMMON_HEADER"},
    {ValidationCode::BadCreatorSignature, "BAD_CREATOR_SIGNATURE"},
    {ValidationCode::InvalidEndorserTransaction, "INVALID_ENDORSER_TRANSACTION"},
    {ValidationCode::InvalidConfigTransaction, "INVALID_CONFIG_TRANSACTION"},
    {ValidationCode::UnsupportedTxPayload, "UNSUPPORTED_TX_PAYLOAD"},
    {ValidationCode::BadProposalTxId, "BAD_PROPOSAL_TXID"},
    {ValidationCode::DuplicateTxId, "DUPLICATE_TXID"},
    {ValidationCode::EndorsementPolicyFailure, "ENDORSEMENT_POLICY_FAILURE"},
    {ValidationCode::MvccReadConflict, "MVCC_READ_CONFLICT"},
    {ValidationCode::PhantomReadConflict, "PHANTOM_READ_CONFLICT"},
    {ValidationCode::UnknownTxType, "UNKNOWN_TX_TYPE"},
    {ValidationCode::TargetChainNotFound, "TARGET_CHAIN_NOT_FOUND"},
    {ValidationCode::MarshalTxError, "MARSHAL_TX_ERROR"},
    {ValidationCode::NilTxAction, "NIL_TXACTION"},
    {ValidationCode::ExpiredChaincode, "EXPIRED_CHAINCODE"},
    {ValidationCode::ChaincodeVersionConflict, "CHAINCODE_VERSION_CONFLICT"},
    {ValidationCode::BadHeaderExtension, "BAD_HEADER_EXTENSION"},
    {ValidationCode::BadChannelHeader, "BAD_CHANNEL_HEADER"},
    {ValidationCode::BadResponsePayload, "BAD_RESPONSE_PAYLOAD"},
    {ValidationCode::BadRwSet, "BAD_RWSET"},
    {ValidationCode::IllegalWriteSet, "ILLEGAL_WRITESET"},
    {ValidationCode::InvalidWriteSet, "INVALID_WRITESET"},
    {ValidationCode::InvalidChaincode, "INVALID_CHAINCODE"},
    {ValidationCode::NotValidated, "NOT_VALIDATED"},
    {ValidationCode::InvalidOtherReason, "INVALID_OTHER_REASON"},
};

}  // namespace

std::string nameOf(ValidationCode code) {
    for (const auto& [known, name] : kNames)
        if (known == code) return std::string(name);
    return fmt::to_string(static_cast<unsigned>(code));
}

std::optional<ValidationCode> validationCodeNamed(std::string_view name) {
    for (const auto& [code, known] : kNames)
        if (known == name) return code;
    std::uint8_t number = 0;
    const char* const end = name.data() + name.size();
    const auto [last, error] = std::from_chars(name.data(), end, number);
    if (error != std::errc() || last != end) return std::nullopt;
    return static_cast<ValidationCode>(number);
}

bool isKnown(ValidationCode code) {
    for (const auto& [known, name] : kNames)
        if (known == code) return true;
    return false;
}

}  // namespace chancery::protocol
