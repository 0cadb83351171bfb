#include "tests/support/FakePeer.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

#include "fabric/peer/chaincode.pb.h"
#include "fabric/peer/proposal_response.pb.h"
#include "node/contract/Caller.h"
#include "node/contract/Realm.h"
#include "src/base/Random.h"
#include "src/crypto/Key.h"
#include "src/identity/Identity.h"
#include "src/identity/Issue.h"
#include "src/protocol/Proposal.h"

namespace chancery::test {
namespace {

using node::contract::ContractHost;

struct Authority {
    crypto::PrivateKey key;
    identity::Certificate certificate;
};

const Authority& authorityOf(const std::string& mspId) {
    static std::map<std::string, Authority> all;
    if (const auto found = all.find(mspId); found != all.end()) return found->second;
    auto key = crypto::PrivateKey::generate(crypto::KeyAlgorithm::EcdsaP256).value();
    identity::SubjectName subject;
    subject.country = "US";
    subject.organization = mspId;
    subject.commonName = "ca." + mspId;
    auto certificate =
        identity::issueSelfSigned(
            identity::cryptogenCa(subject, absl::FromUnixSeconds(1'790'000'000)), key)
            .value();
    return all.emplace(mspId, Authority{std::move(key), std::move(certificate)}).first->second;
}

Result<std::unique_ptr<ContractHost>> start(node::contract::ContractPackage package,
                                            node::contract::ContractLimits limits,
                                            node::contract::OnStuck onStuck) {
    static const bool prepared = (node::contract::prepareEngine(false), true);
    (void)prepared;
    ContractHost::Options options;
    options.package = std::move(package);
    options.packageId = "contract_1:abc";
    options.localMspId = "Org1MSP";
    options.limits = limits;
    options.onStuck = std::move(onStuck);
    return ContractHost::start(std::move(options));
}

template <class T>
T orAbort(Result<T> result) {
    if (result.ok()) return *std::move(result);
    std::fprintf(stderr, "%s\n", result.status().ToString().c_str());
    std::abort();
}

}  // namespace

Person makePerson(const std::string& mspId, const std::string& commonName, const std::string& unit,
                  const std::vector<std::pair<std::string, std::string>>& attributes) {
    const Authority& authority = authorityOf(mspId);
    const auto key = crypto::PrivateKey::generate(crypto::KeyAlgorithm::EcdsaP256).value();
    identity::SubjectName subject;
    subject.organizationalUnits = {unit};
    subject.commonName = commonName;
    auto content = identity::cryptogenIdentity(subject, absl::FromUnixSeconds(1'790'000'000));
    if (!attributes.empty()) content.attributes = attributes;
    Person person;
    person.mspId = mspId;
    person.pem =
        identity::issueCertificate(content, key.publicKey(), authority.certificate, authority.key)
            .value()
            .toPem();
    person.id =
        fmt::format("x509::/OU={}/CN={}::/C=US/O={}/CN=ca.{}", unit, commonName, mspId, mspId);
    return person;
}

FakePeer::FakePeer(ContractHost& host, Answerer answerer) : m_answerer(std::move(answerer)) {
    m_session = host.open([this](Message message) { receive(std::move(message)); });
    Message message;
    message.set_type(Message::REGISTERED);
    m_session->receive(message);
    message.set_type(Message::READY);
    m_session->receive(message);
}

FakePeer::~FakePeer() {
    m_session->close();
}

void FakePeer::close() {
    m_session->close();
}

void FakePeer::send(Message message) {
    m_session->receive(std::move(message));
}

std::string FakePeer::begin(const ContractCall& call) {
    Message message;
    message.set_type(call.isInit ? Message::INIT : Message::TRANSACTION);
    message.set_channel_id(call.channel);
    message.set_txid(call.txId);
    protos::ChaincodeInput input;
    for (const Bytes& arg : call.args) input.add_args(arg);
    message.set_payload(input.SerializeAsString());
    if (call.by != nullptr) {
        protocol::ProposalRequest request;
        request.channel = ChannelId(call.channel);
        request.chaincode = "contract";
        request.args = call.args;
        request.transient = call.transient;
        const auto proposal = protocol::buildProposal(
            request, identity::serializeIdentity(MspId(call.by->mspId), call.by->pem),
            Random::system().bytes(24), call.at);
        message.mutable_proposal()->ParseFromString(
            protocol::encodeSignedProposal(proposal.value().bytes, "signature"));
        if (call.txId.empty()) message.set_txid(proposal->txId.str());
    }
    if (message.txid().empty()) message.set_txid(fmt::format("transaction{}", ++m_made));
    const std::string txId = message.txid();
    send(std::move(message));
    return txId;
}

ContractOutcome FakePeer::finish(const std::string& txId) {
    std::unique_lock lock(m_mutex);
    const bool ended = m_changed.wait_for(lock, std::chrono::seconds(60),
                                          [&] { return m_outcomes.contains(txId); });
    if (!ended) return {.message = "no answer for a minute"};
    ContractOutcome outcome = m_outcomes[txId];
    m_outcomes.erase(txId);
    return outcome;
}

void FakePeer::waitForQuestions(std::size_t count) {
    std::unique_lock lock(m_mutex);
    m_changed.wait_for(lock, std::chrono::seconds(60), [&] { return m_questions.size() >= count; });
}

std::vector<FakePeer::Message> FakePeer::questions() const {
    const std::lock_guard lock(m_mutex);
    return m_questions;
}

void FakePeer::receive(Message message) {
    if (message.type() == Message::COMPLETED || message.type() == Message::ERROR) {
        ContractOutcome outcome;
        outcome.txId = message.txid();
        outcome.completed = message.type() == Message::COMPLETED;
        protos::Response response;
        if (outcome.completed && response.ParseFromString(message.payload())) {
            outcome.status = response.status();
            outcome.message = response.message();
            outcome.payload = response.payload();
            outcome.eventName = message.chaincode_event().event_name();
            outcome.eventPayload = message.chaincode_event().payload();
        } else {
            outcome.message = message.payload();
        }
        const std::lock_guard lock(m_mutex);
        m_outcomes[outcome.txId] = std::move(outcome);
        m_changed.notify_all();
        return;
    }
    {
        const std::lock_guard lock(m_mutex);
        m_questions.push_back(message);
        m_changed.notify_all();
    }
    if (message.type() == Message::REGISTER || !m_answerer) return;
    if (auto answer = m_answerer(message)) send(*std::move(answer));
}

FakePeer::Message FakePeer::respond(const Message& question, Bytes payload) {
    Message message;
    message.set_type(Message::RESPONSE);
    message.set_txid(question.txid());
    message.set_channel_id(question.channel_id());
    message.set_payload(std::move(payload));
    return message;
}

FakePeer::Message FakePeer::fail(const Message& question, const std::string& sentence) {
    Message message = respond(question, sentence);
    message.set_type(Message::ERROR);
    return message;
}

std::unique_ptr<ContractHost> startContract(std::map<std::string, Bytes> files,
                                            node::contract::ContractLimits limits,
                                            node::contract::OnStuck onStuck) {
    return orAbort(start(orAbort(node::contract::makeContractPackage(std::move(files))), limits,
                         std::move(onStuck)));
}

std::unique_ptr<ContractHost> startContractFolder(const std::string& path) {
    return orAbort(start(orAbort(node::contract::loadContractPackage(path)), {}, {}));
}

std::string whyNotStarted(std::map<std::string, Bytes> files,
                          node::contract::ContractLimits limits) {
    auto package = node::contract::makeContractPackage(std::move(files));
    if (!package.ok()) return std::string(messageOf(package.status()));
    const auto host = start(*std::move(package), limits, {});
    return host.ok() ? "" : std::string(messageOf(host.status()));
}

}  // namespace chancery::test
