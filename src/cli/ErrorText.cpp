#include "src/cli/ErrorText.h"

#include <string_view>

namespace chancery::cli {
namespace {

/// Reasons whose own sentence says what happened; here stand why that matters and what can be done.
struct ErrorRow {
    std::string_view reason;
    std::string_view why;
    std::string_view advice;
};

constexpr ErrorRow kErrorRows[] = {
    {"STOPPED", "What was written so far has been removed again.", ""},
    // Labs and scenarios.
    {"NOT_A_LAB", "", "\"backup\" has commands for backups."},
    {"BAD_LAB", "It was not made by \"network export\", or by another version.", ""},
    {"LAB_DIFFERS", "The network was removed again.", "Export it once more, if it still exists."},
    {"SCENARIO_DOES_NOT_FIT", "Nothing was sent.",
     "\"scenario show\" tells which topology a scenario was written for."},
    {"NO_PASSPHRASE", "Keys are in a lab file.",
     "Give a passphrase, or say --open when the keys are for training only."},
    // Drafts.
    {"DRAFT_NOT_SIGNED", "Nothing was sent.",
     "\"channel update show\" tells who must sign; \"channel update merge\" brings copies "
     "together."},
    {"DRAFT_DANGEROUS", "That may be more than was meant.",
     "When it is meant, name it with --allow: locked-admins, unbounded-batch or smaller-quorum."},
    {"DRAFT_REJECTED", "Nothing was sent.",
     "Talk to them; --despite-rejections sends it if its signatures suffice."},
    {"DRAFT_EXPIRED", "", "Make a new draft."},
    {"DRAFT_CONFLICT", "Nothing was written.",
     "Agree on one of the two, and make a new draft of it."},
    {"DRAFT_DAMAGED", "Its signatures may be good, but not for what the file shows.",
     "Ask for the file again."},
    {"OTHER_DRAFT", "Signatures count for exactly the bytes that were signed.",
     "Compare the digests: \"channel update show\" tells them."},
    {"STALE_VERSION", "Somebody else's change came first.",
     "\"channel update rebase\" carries the draft onto the newest configuration."},
    // Files.
    {"NO_SUCH_FILE", "", "Check the spelling, and that you are in the right folder."},
    {"NO_SUCH_FOLDER", "", "Check the spelling, and that you are in the right folder."},
    {"NOT_A_FILE", "", "Give a file; devices, pipes and folders cannot be read here."},
    {"NOT_REGULAR", "", "Give a file; devices and pipes cannot be read here."},
    {"FILE_TOO_LARGE", "Files of this kind are never that large.",
     "Check that it is the file you mean."},
    // Ledgers.
    {"NO_BLOCKS",
     "Blocks are files as \"peer channel fetch\" writes them, or ledger files named "
     "blockfile_000000 and so on.",
     "Give such a file, or the folder that holds them."},
    {"MIXED_FOLDER", "It holds both single blocks and ledger files, which may overlap.",
     "Give the files themselves, or a folder with one kind."},
    {"DUPLICATE_BLOCK", "Two files hold the same block, and they may differ.",
     "Move one of them away."},
    {"TORN_TAIL", "The file was cut while it was written or copied.",
     "Copy it again; all blocks before that place are intact."},
    {"ZERO_TAIL", "The file was not completely written, for example when the power failed.",
     "Copy it again; all blocks before that place are intact."},
    {"BAD_BLOCK_FILE", "It is damaged, or no ledger file at all.",
     "Compare it with the file of another node."},
    {"BAD_LEDGER_FILE",
     "It is a block file of a Chancery node; what stands before that place is good.",
     "Compare it with the same channel's files of another node: their blocks are the same."},
    {"NEWER_FORMAT", "", "Use the version of Chancery that wrote it, or a later one."},
    {"LEDGER_DAMAGED", "The files of the node do not fit together.",
     "The log of the node says which file, and what can be done; other nodes have the same "
     "blocks."},
    {"LEDGER_LAYOUT", "Nothing in the folder was changed.", ""},
    {"DAMAGED_LEDGER", "What was told ends before that place.",
     "\"ledger verify\" says more; a copy from another node may be intact."},
    {"BAD_SNAPSHOT", "Its parts do not fit together.",
     "Copy the whole folder again from the peer that made it."},
    {"HASH_MISMATCH", "Somebody or something changed a file of the snapshot.",
     "Copy the whole folder again from the peer that made it."},
    {"BAD_ANCHOR", "What is to be trusted must be a config block.",
     "Fetch one with \"peer channel fetch config\"."},
    {"NO_SUCH_BLOCK", "", "\"ledger show PATH --blocks all\" lists the blocks that are there."},
    {"NO_SUCH_TRANSACTION", "",
     "Give the whole id, or BLOCK/INDEX; \"ledger show PATH --block N\" lists the transactions of "
     "a block."},
    {"STATE_UNKNOWN", "The blocks before it are missing, so nobody knows what they left behind.",
     "Give the whole chain, or the snapshot that it follows (--from-snapshot)."},
    // Configurations.
    {"NOT_CONFIG", "",
     "Give a config block, a configuration or an update, in binary or in configtxlator's JSON."},
    {"NO_CONFIG_BLOCK", "",
     "\"peer channel fetch config\" fetches the right block; \"config explain\" finds them in a "
     "ledger."},
    {"NO_CONFIG",
     "An update or an organisation alone does not say what the rest of the channel looks like.",
     "Give a config block or a whole configuration."},
    {"NO_DIFFERENCE", "", "There is nothing to be agreed on."},
    {"BAD_JSON", "", "The place is where reading stopped; the error may stand a little before it."},
    {"NOT_DECODABLE", "The bytes at this path are not what they should be.", ""},
    {"BAD_CHANNEL_NAME",
     "Names of channels begin with a small letter and have small letters, digits, dots and hyphens "
     "only.",
     ""},
    // Policies.
    {"UNKNOWN_POLICY", "Fabric treats a policy that does not exist as one that nobody can satisfy.",
     "\"policy explain CONFIG\" lists the policies; paths begin with /Channel."},
    {"NEEDS_CONFIG", "", "Give a configuration and the path of the policy."},
    {"BAD_SIGNER", "Roles are member, admin, client, peer and orderer.",
     "Write for example AlphaMSP.peer."},
    // Certificates.
    {"NOT_PEM", "A certificate begins with the line -----BEGIN CERTIFICATE-----.",
     "Give a file in PEM or DER."},
    {"BAD_CERTIFICATE", "It is neither a certificate in PEM nor one in DER, or it is damaged.", ""},
    {"CERTIFICATE_TOO_LARGE", "", "Give a file in PEM or DER."},
    // Networks.
    {"NO_NETWORK", "Such a folder has a file network.json.",
     "\"network create\" makes one; --network says where it is."},
    {"NETWORK_EXISTS", "What is there is never overwritten.",
     "\"network start\" starts it; give another folder for a new one."},
    {"NOT_STARTED", "It chooses its ports when it starts for the first time.",
     "\"network start\" starts all nodes of the network."},
    {"NO_SUCH_NODE", "", "network.json lists the nodes."},
    {"NO_SUCH_ORGANISATION", "", "network.json lists the organisations."},
    {"PROGRAM_NOT_FOUND", "Nodes are processes of their own.",
     "Build it (\"./dev build chancery-node\"), or see that it stands beside this program."},
    {"BAD_PROFILE", "", "A common connection profile is JSON or YAML, as Fabric's SDKs read it."},
    {"PLAINTEXT_REFUSED", "Whoever listens on the way could read and change everything.",
     "Use grpcs:// and give the CA in tlsCACerts."},
    {"CONNECTION_REFUSED", "The node is not running, or listens elsewhere.",
     "\"network status\" tells which nodes serve."},
    {"TLS_HANDSHAKE_FAILED", "",
     "Check that the CA in use is the one that vouches for that node, and the name in it."},
    {"TIMED_OUT", "", "Give more time with --timeout, or look into the log of the node."},
    {"COMMIT_UNKNOWN", "It may still be committed, so it must not simply be sent again.",
     "Look for its id with \"ledger search\"."},
    {"NOT_VALID", "It stands in the block, but it changed nothing.",
     "With MVCC_READ_CONFLICT, send it again; with ENDORSEMENT_POLICY_FAILURE, have more "
     "organisations endorse it."},
    {"RESULTS_DIFFER", "The peers do not agree on what the contract did.",
     "Compare their states with \"ledger state\"; a contract must not use clock or chance."},
    {"BAD_COLLECTIONS", "", "The file has the form of Fabric's collections_config.json."},
    // Certificate authorities.
    {"NO_CA", "Such a folder has a file ca.json.",
     "\"ca init\" makes one; --ca says where it is, for a network nodes/ca.… below its folder."},
    {"CA_EXISTS", "What is there is never overwritten.",
     "\"ca start\" starts it; give another folder for a new one."},
    {"CA_AUTHENTICATION_FAILED",
     "The CA does not say which: an unknown name, a wrong or used-up secret, or a certificate that "
     "it has not issued, has revoked or that has ended.",
     "Its log says why. Check that --ca-name is the CA that you mean."},
    {"CA_NOT_ALLOWED", "Who asks lacks a right, or may not see who is meant.",
     "The log of the CA says which; \"ca identities ID\" shows the attributes of an identity."},
    {"CA_IDENTITY_LOCKED", "Too many wrong secrets were given.",
     "A registrar sets a new secret for it."},
    {"ALREADY_REGISTERED", "", "\"identity enroll\" turns its secret into a certificate."},
    {"SUITE_MISMATCH", "", "\"key generate --algorithm\" makes a key of the CA's suite."},
    {"MIXED_SUITES", "Every member must be able to check every signature.", ""},
    {"CA_CHAIN_CHANGED", "Somebody may answer in its place.",
     "Ask those who run the CA for its fingerprint, by another way."},
    // This program.
    // Workspaces and tokens.
    {"NO_WALLET", "Such a folder has a file workspace.wallet.",
     "\"workspace create\" makes one; --workspace says where it is."},
    {"WALLET_EXISTS", "What is there is never overwritten.", "Give another folder."},
    {"WALLET_MODE", "Whoever can read a key file can try passphrases on it for ever.", ""},
    {"WALLET_FILE_DAMAGED",
     "Every file of a workspace is sealed; this one is not what was written.",
     "Bring the file back from a copy of the folder; nothing else is lost."},
    {"AUDIT_BROKEN", "The record of what was done with the workspace was changed.",
     "Compare it with a copy of the folder, and find out who could write there."},
    {"WRONG_PASSPHRASE", "", "Nothing can open it without; there is no second way in."},
    {"KEY_LOCKED", "", "Give the passphrase again."},
    {"KEY_ENCRYPTED", "", "Give its passphrase with --key-passphrase-fd, or on the terminal."},
    {"KEY_IN_TOKEN", "A token never gives its keys away.", ""},
    {"KEYCHAIN_ONLY_IN_CONSOLE",
     "A keychain belongs to a desktop session; this program may run without any.",
     "Use the console, or move the key back into the workspace there (Settings, Keys)."},
    {"NO_SECRET", "", "Open it, for example with 3<FILE behind --passphrase-fd 3."},
    {"NO_TERMINAL", "Passphrases are never taken from the command line or the environment.",
     "Give a descriptor, for example --passphrase-fd 3 3<FILE."},
    {"TOKEN_MODULE_UNKNOWN", "", "\"token allow\" approves it, if you know where it comes from."},
    {"TOKEN_MODULE_UNSAFE", "Who can change the file decides what runs in this program.",
     "Install it as root, or take the rights of others away."},
    {"TOKEN_MODULE_CHANGED", "An update of the system may have done that, or somebody else.",
     "\"token allow\" approves the new file."},
    {"TOKEN_PIN_LOCKED", "", "Its security officer can set a new PIN with the token's own tools."},
    {"TOKEN_LAST_TRY", "Wrong PINs were given before.",
     "--last-try makes the try, if you are sure of the PIN."},
    {"TOKEN_NO_MECHANISM", "", ""},
    {"OUTPUT_FAILED", "The disk may be full, or the other end of a pipe gone.", ""},
    {"INTERNAL", "This is a fault of the program, not of your data.",
     "Please report it with the command line that led to it."},
};

/// A sentence of the log as one for a person: capital letter, full stop. What begins with a path
/// stays as it is.
std::string sentence(const Status& status) {
    std::string text(messageOf(status));
    if (text.empty()) return "Something went wrong.";
    bool beginsWithValue = false;
    for (const auto& [name, value] : argumentsOf(status))
        beginsWithValue = beginsWithValue || (!value.empty() && text.starts_with(value));
    const std::size_t word = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz");
    if (!beginsWithValue && word != std::string::npos && word > 0 && text[word] == ' ')
        text.front() = static_cast<char>(text.front() - 'a' + 'A');
    if (text.find_last_of(".!?") != text.size() - 1) text += '.';
    return text;
}

ErrorText describeFileError(const Status& status) {
    const std::string path = argumentOf(status, "path");
    const bool writing = !argumentOf(status, "writing").empty() ||
                         messageOf(status).find("create") != std::string_view::npos;
    switch (status.code()) {
        case StatusCode::kNotFound:
            return {writing
                        ? fmt::format("\"{}\" cannot be created: its folder does not exist.", path)
                        : fmt::format("There is no file or folder \"{}\".", path),
                    {},
                    writing ? "Make the folder first."
                            : "Check the spelling, and that you are in the right folder."};
        case StatusCode::kPermissionDenied:
            return {fmt::format("\"{}\" may not be {}.", path, writing ? "written" : "read"),
                    "The system refused the access.",
                    writing ? "Choose another place." : "Ask its owner for the right to read it."};
        case StatusCode::kAlreadyExists:
            return {fmt::format("\"{}\" is there already.", path), "Files are never overwritten.",
                    "Choose another name, or remove it first."};
        default:
            return {sentence(status), {}, {}};
    }
}

}  // namespace

ErrorText describeError(const Status& status) {
    const std::string reason = reasonOf(status);
    if (reason == "USAGE")
        return {std::string(messageOf(status)), {}, argumentOf(status, "advice")};
    if (reason == "FILE_ERROR") return describeFileError(status);
    ErrorText text{sentence(status), {}, {}};
    for (const ErrorRow& row : kErrorRows)
        if (row.reason == reason) text.why = row.why, text.advice = row.advice;
    return text;
}

}  // namespace chancery::cli
