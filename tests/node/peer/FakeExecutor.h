#pragma once

#include <functional>
#include <map>
#include <mutex>

#include "node/chaincode/ContractExecutor.h"

namespace chancery::node::test {

/// Gives the result that the test wants, and runs system contracts directly. Thread-safe.
class FakeExecutor final : public ContractExecutor {
public:
    std::function<Result<ExecutionResult>(const protocol::UnpackedProposal&)> run;
    /// Set: results are given only when the test calls release().
    bool holdsBack = false;

    void execute(std::shared_ptr<const protocol::UnpackedProposal> proposal,
                 std::shared_ptr<ExecutionChannel> channel, Deadline,
                 std::function<void(Result<ExecutionResult>)> done) override {
        ++executions;
        if (const auto found = m_contracts.find(proposal->chaincode); found != m_contracts.end()) {
            SystemCall call;
            call.proposal = proposal.get();
            call.channel = channel.get();
            for (const BytesView arg : proposal->invocation.args) call.args.emplace_back(arg);
            ExecutionResult result;
            result.response = found->second->invoke(call);
            result.version = "syscc";
            return done(std::move(result));
        }
        auto result = run ? run(*proposal) : Result<ExecutionResult>(ExecutionResult());
        if (!holdsBack) return done(std::move(result));
        const std::lock_guard lock(m_mutex);
        m_held.emplace_back([result = std::move(result), done = std::move(done)] { done(result); });
    }
    void addSystemContract(std::shared_ptr<SystemContract> contract) override {
        m_contracts[std::string(contract->name())] = std::move(contract);
    }
    bool isSystemContract(std::string_view name) const override {
        return m_contracts.find(name) != m_contracts.end() || name == "_lifecycle";
    }
    void definitionsChanged(std::shared_ptr<ExecutionChannel>) override { ++definitionChanges; }
    bool canRun(ExecutionChannel&, std::string_view) override { return true; }
    Result<std::vector<ContractIndex>> indexes(ExecutionChannel&, std::string_view) override {
        return std::vector<ContractIndex>();
    }
    std::string address() const override { return {}; }
    std::vector<ContractStatus> contracts() const override { return {}; }
    void stop(Deadline) override {}
    void release() {
        std::vector<std::function<void()>> held;
        {
            const std::lock_guard lock(m_mutex);
            held.swap(m_held);
        }
        for (const auto& one : held) one();
    }

    std::atomic<int> executions = 0;
    std::atomic<int> definitionChanges = 0;

private:
    std::map<std::string, std::shared_ptr<SystemContract>, std::less<>> m_contracts;
    std::mutex m_mutex;
    std::vector<std::function<void()>> m_held;
};

}  // namespace chancery::node::test
