#include "node/contract/Caller.h"

#include <fmt/format.h>

#include <charconv>
#include <map>
#include <nlohmann/json.hpp>

#include "fabric/common/common.pb.h"
#include "fabric/msp/identities.pb.h"
#include "fabric/peer/proposal.pb.h"
#include "src/base/Encoding.h"
#include "src/crypto/Digest.h"
#include "src/identity/Certificate.h"
#include "src/identity/Name.h"
#include "src/wire/Parse.h"

namespace chancery::node::contract {
namespace {

// Fact sheet B §5.3.
std::string bindingOf(BytesView nonce, BytesView creator, std::uint64_t epoch) {
    Bytes bytes(8, '\0');
    for (int i = 0; i < 8; ++i) bytes[i] = static_cast<char>(epoch >> (8 * i));
    return toHex(crypto::sha256({nonce, creator, bytes}));
}

std::string dump(const nlohmann::json& json) {
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// The names that the npm shim gives; other attributes have none there.
std::string_view shortName(std::string_view type) {
    using namespace identity::oid;
    static const std::map<std::string_view, std::string_view> kNames = {
        {kCommonName, "CN"},
        {kCountry, "C"},
        {kLocality, "L"},
        {kProvince, "ST"},
        {kOrganization, "O"},
        {kOrganizationalUnit, "OU"},
        {"1.2.840.113549.1.9.1", "E"},
    };
    const auto found = kNames.find(type);
    return found == kNames.end() ? std::string_view() : found->second;
}

Result<std::string> slashed(const Bytes& rawName) {
    ASSIGN_OR_RETURN(const auto name, identity::readName(rawName));
    std::string text;
    for (const auto& attribute : name.attributes) {
        // Only the first one is escaped, as the npm shim has it.
        const std::string_view value = attribute.value;
        const auto at = std::min(value.find('/'), value.size());
        text += fmt::format("/{}={}{}{}", shortName(attribute.type), value.substr(0, at),
                            at < value.size() ? "\\" : "", value.substr(at));
    }
    return text;
}

}  // namespace

Result<Caller> Caller::read(const protos::SignedProposal& signedProposal) {
    ASSIGN_OR_RETURN(const auto proposal,
                     wire::parse<protos::Proposal>(signedProposal.proposal_bytes(), "proposal"));
    ASSIGN_OR_RETURN(const auto header,
                     wire::parse<common::Header>(proposal.header(), "proposal.header"));
    ASSIGN_OR_RETURN(const auto channel,
                     wire::parse<common::ChannelHeader>(header.channel_header(), "channel_header"));
    ASSIGN_OR_RETURN(auto signature, wire::parse<common::SignatureHeader>(header.signature_header(),
                                                                          "signature_header"));
    ASSIGN_OR_RETURN(auto creator,
                     wire::parse<::msp::SerializedIdentity>(signature.creator(), "creator"));
    ASSIGN_OR_RETURN(auto payload, wire::parse<protos::ChaincodeProposalPayload>(
                                       proposal.payload(), "proposal.payload"));
    Caller caller;
    nlohmann::json transient = nlohmann::json::array();
    const std::map<std::string, Bytes> sorted(payload.transientmap().begin(),
                                              payload.transientmap().end());
    for (const auto& [name, value] : sorted) {
        transient.push_back(name);
        caller.m_transient.push_back(value);
    }
    caller.m_description = dump({
        {"creator", creator.mspid()},
        {"timestamp",
         {{"seconds", channel.timestamp().seconds()}, {"nanos", channel.timestamp().nanos()}}},
        {"binding", bindingOf(signature.nonce(), signature.creator(), channel.epoch())},
        {"transient", transient},
        {"channelHeader",
         {{"type", channel.type()},
          {"version", channel.version()},
          {"channelId", channel.channel_id()},
          {"txId", channel.tx_id()},
          {"epoch", channel.epoch()}}},
    });
    caller.m_signature = signedProposal.signature();
    caller.m_nonce = std::move(*signature.mutable_nonce());
    caller.m_creator = std::move(*signature.mutable_creator());
    caller.m_idBytes = std::move(*creator.mutable_id_bytes());
    caller.m_input = std::move(*payload.mutable_input());
    return caller;
}

Result<Bytes> Caller::part(std::string_view name) const {
    if (name == "signature") return m_signature;
    if (name == "nonce") return m_nonce;
    if (name == "creator") return m_creator;
    if (name == "idBytes") return m_idBytes;
    if (name == "input") return m_input;
    std::size_t number = 0;
    if (constexpr std::string_view kTransient = "transient:"; name.starts_with(kTransient)) {
        name.remove_prefix(kTransient.size());
        const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
        if (error == std::errc() && number < m_transient.size()) return m_transient[number];
    }
    return makeError(StatusCode::kNotFound, "NO_SUCH_PART", "the proposal has no such part");
}

Result<std::string> CertificateFacts::of(BytesView pem) {
    if (auto known = m_known.find(pem)) return *known;
    if (pem.find("-----BEGIN") == BytesView::npos)
        return makeError(StatusCode::kInvalidArgument, "NOT_PEM",
                         "Failed to find start line or end line of the certificate.");
    ASSIGN_OR_RETURN(const auto certificate, identity::Certificate::fromPem(pem));
    ASSIGN_OR_RETURN(const std::string subject, slashed(certificate.rawSubject()));
    ASSIGN_OR_RETURN(const std::string issuer, slashed(certificate.rawIssuer()));
    nlohmann::json attributes = nlohmann::json::object();
    for (const auto& [name, value] : certificate.attributes()) attributes[name] = value;
    std::string facts =
        dump({{"id", fmt::format("x509::{}::{}", subject, issuer)}, {"attributes", attributes}});
    m_known.insert(std::string(pem), facts);
    return facts;
}

}  // namespace chancery::node::contract
