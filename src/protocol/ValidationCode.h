#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace chancery::protocol {

/// A peer's verdict on one transaction: the byte in the block's metadata slot 2.
enum class ValidationCode : std::uint8_t {
    Valid = 0,
    NilEnvelope = 1,
    BadPayload = 2,
    BadCommonHeader = 3,
    BadCreatorSignature = 4,
    InvalidEndorserTransaction = 5,
    InvalidConfigTransaction = 6,
    UnsupportedTxPayload = 7,
    BadProposalTxId = 8,
    DuplicateTxId = 9,
    EndorsementPolicyFailure = 10,
    MvccReadConflict = 11,
    PhantomReadConflict = 12,
    UnknownTxType = 13,
    TargetChainNotFound = 14,
    MarshalTxError = 15,
    NilTxAction = 16,
    ExpiredChaincode = 17,
    ChaincodeVersionConflict = 18,
    BadHeaderExtension = 19,
    BadChannelHeader = 20,
    BadResponsePayload = 21,
    BadRwSet = 22,
    IllegalWriteSet = 23,
    InvalidWriteSet = 24,
    InvalidChaincode = 25,
    NotValidated = 254,
    InvalidOtherReason = 255,
};

/// Fabric's name ("MVCC_READ_CONFLICT"); the decimal number for a byte that has no name.
std::string nameOf(ValidationCode code);
/// The reverse, also for decimal numbers from 0 to 255.
std::optional<ValidationCode> validationCodeNamed(std::string_view name);
/// True for the bytes that have a name.
bool isKnown(ValidationCode code);

}  // namespace chancery::protocol
