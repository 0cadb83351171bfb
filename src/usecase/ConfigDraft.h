#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "src/base/Bytes.h"
#include "src/base/Ids.h"
#include "src/base/Status.h"
#include "src/channel/Bundle.h"
#include "src/identity/SigningIdentity.h"

namespace chancery::usecase {

/// An administrator's consent: common.ConfigSignature.
struct DraftSignature {
    Bytes header;  ///< common.SignatureHeader; names the signer
    Bytes signature;
};

/// An administrator says no, and why; signed like a consent, over DraftRejection::messageOf.
struct DraftRejection {
    Bytes header;
    Bytes signature;
    std::string reason;

    /// What is signed: bound to the update and to the reason, never valid as a consent.
    static Bytes messageOf(BytesView update, const std::string& reason);
};

/// A change of a channel's configuration on its way through the organisations: one file that has
/// everything for looking at it, signing it and sending it. Its signatures are Fabric's own.
struct ConfigDraft {
    ChannelId channel;
    std::uint64_t baseSequence = 0;
    Bytes baseConfig;  ///< common.Config that the change starts from
    Bytes update;      ///< common.ConfigUpdate; what is signed
    std::string note;  ///< why, in the words of who made it; may be empty
    /// After it nobody signs or sends any more. A convention of those who use drafts: no node
    /// knows of it.
    std::optional<absl::Time> expires;
    std::vector<DraftSignature> signatures;
    std::vector<DraftRejection> rejections;

    /// SHA-256 of the update, hex: what two people compare who talk about the same draft.
    std::string digest() const;
    /// SHA-256 of the base configuration, hex.
    std::string baseDigest() const;
    /// What the orderers judge: common.ConfigUpdateEnvelope with all signatures.
    Bytes envelope() const;
    /// The configuration that it starts from, checked as a node checks it.
    Result<channel::BundlePtr> base() const;
};

inline constexpr std::uint64_t kMaxDraftBytes = 64U << 20;

/// Of two configurations of a channel (common.Config). The result is checked as orderers check it,
/// so that a draft which nobody would take is an error: Bundle::fromConfig, checkSuccession,
/// checkOrdererRules; INVALID_ARGUMENT (NO_DIFFERENCE).
Result<ConfigDraft> makeDraft(const ChannelId& channel, BytesView base, BytesView target);

/// The file: JSON. What it says beside bytes (names, sentences) is for people who open it and never
/// read back. INVALID_ARGUMENT: NOT_A_DRAFT, UNSUPPORTED_DRAFT (of a later version), DRAFT_DAMAGED
/// (hashes do not fit), with `path`.
Result<ConfigDraft> parseDraft(BytesView bytes);
/// And errors of readFile.
Result<ConfigDraft> readDraft(const std::filesystem::path& path);
Bytes draftFile(const ConfigDraft& draft);
/// The result of the update: common.Config with sequence + 1. Whoever signed. Errors of
/// judgeUpdate.
Result<Bytes> draftTarget(const ConfigDraft& draft);

/// Adds a signature. ALREADY_EXISTS (ALREADY_SIGNED); FAILED_PRECONDITION (DRAFT_EXPIRED);
/// PERMISSION_DENIED (NOT_A_MEMBER) when the channel does not know the signer.
Status signDraft(ConfigDraft& draft, const identity::SigningIdentity& signer, absl::Time now);
/// Adds a rejection with a reason. INVALID_ARGUMENT (NO_REASON); ALREADY_EXISTS
/// (ALREADY_REJECTED); NOT_A_MEMBER.
Status rejectDraft(ConfigDraft& draft, const identity::SigningIdentity& signer,
                   const std::string& reason);

struct DraftMerge {
    std::size_t added = 0;
    std::size_t known = 0;             ///< were there already
    std::vector<std::string> leftOut;  ///< signatures that do not count, with the reason
};
/// Takes signatures and rejections of another copy, or of an update that Fabric's tools have
/// signed. FAILED_PRECONDITION (OTHER_DRAFT) when it is about other bytes.
Result<DraftMerge> mergeDraft(ConfigDraft& draft, BytesView other, std::string_view name);

}  // namespace chancery::usecase
