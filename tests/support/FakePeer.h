#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "fabric/peer/chaincode_shim.pb.h"
#include "node/contract/ContractHost.h"
#include "src/base/Bytes.h"

namespace chancery::test {

/// A client with a certificate of its own organisation's CA.
struct Person {
    std::string mspId;
    Bytes pem;
    std::string id;  ///< as ClientIdentity.getID gives it
    std::string name() const { return mspId + "|" + id; }
};
/// Every call makes a new key; the CA of an organisation is made once.
Person makePerson(const std::string& mspId, const std::string& commonName,
                  const std::string& unit = "client",
                  const std::vector<std::pair<std::string, std::string>>& attributes = {});

struct ContractCall {
    std::vector<Bytes> args;
    const Person* by = nullptr;  ///< nobody: the message has no proposal
    std::map<std::string, Bytes> transient;
    absl::Time at = absl::FromUnixSeconds(1'795'000'000);  // 2026-11-18T11:06:40Z
    std::string channel = "trade";
    bool isInit = false;
    std::string txId;  ///< empty: that of the proposal, or a new one
};

struct ContractOutcome {
    bool completed = false;  ///< COMPLETED; otherwise ERROR with the sentence in `message`
    int status = 0;
    std::string message;
    Bytes payload;
    std::string eventName;
    Bytes eventPayload;
    std::string txId;

    bool ok() const { return completed && status == 200; }
};

/// A peer in this process that has a contract registered with it.
class FakePeer {
public:
    using Message = protos::ChaincodeMessage;
    /// The answer to a question; none leaves it open. Called on the contract's thread.
    using Answerer = std::function<std::optional<Message>(const Message& question)>;

    FakePeer(node::contract::ContractHost& host, Answerer answerer);
    ~FakePeer();

    /// Gives the transaction's id.
    std::string begin(const ContractCall& call);
    /// Waits for the end.
    ContractOutcome finish(const std::string& txId);
    ContractOutcome invoke(const ContractCall& call) { return finish(begin(call)); }
    /// Waits until so many questions were asked.
    void waitForQuestions(std::size_t count);

    /// Sends as the peer.
    void send(Message message);
    void close();

    std::vector<Message> questions() const;

    /// RESPONSE and ERROR to a question.
    static Message respond(const Message& question, Bytes payload = {});
    static Message fail(const Message& question, const std::string& sentence);

private:
    void receive(Message message);

    Answerer m_answerer;
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<Message> m_questions;
    std::map<std::string, ContractOutcome> m_outcomes;
    int m_made = 0;
    std::shared_ptr<node::contract::ContractHost::Session> m_session;
};

/// A host for files in memory, or for a folder. Fails the program when it does not start.
std::unique_ptr<node::contract::ContractHost> startContract(
    std::map<std::string, Bytes> files, node::contract::ContractLimits limits = {},
    node::contract::OnStuck onStuck = {});
std::unique_ptr<node::contract::ContractHost> startContractFolder(const std::string& path);
/// The sentence with which it does not start; empty when it does.
std::string whyNotStarted(std::map<std::string, Bytes> files,
                          node::contract::ContractLimits limits = {});

}  // namespace chancery::test
