#pragma once

#include <optional>
#include <string>

#include "src/cli/Command.h"
#include "src/cli/HostsAccess.h"

namespace chancery::cli {

/// Makes this console known to an agent elsewhere, by a one-time code.
class HostPairCommand : public Command {
public:
    std::string words() const override { return "host pair"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    HostsAccess m_hosts;
    std::string m_name, m_endpoint;
    std::optional<std::uint64_t> m_code;
};

class HostListCommand : public Command {
public:
    std::string words() const override { return "host list"; }
    Help help() const override;
    void declare(CommandLine& line) override { m_hosts.declare(line); }
    ExitCode run(Session& session) override;

private:
    HostsAccess m_hosts;
};

/// A command about one host.
class OneHostCommand : public Command {
public:
    void declare(CommandLine& line) override;

protected:
    Result<std::shared_ptr<interfaces::Host>> host() { return m_hosts.host(m_host); }
    HostsAccess m_hosts;
    std::string m_host;
};

class HostStatusCommand : public OneHostCommand {
public:
    std::string words() const override { return "host status"; }
    Help help() const override;
    ExitCode run(Session& session) override;
};

/// Forgets a host here; the agent may still know this console.
class HostRemoveCommand : public OneHostCommand {
public:
    std::string words() const override { return "host remove"; }
    Help help() const override;
    ExitCode run(Session& session) override;
};

/// Asks an agent for a code by which somebody else pairs with it.
class HostCodeCommand : public OneHostCommand {
public:
    std::string words() const override { return "host code"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    std::string m_client = "console";
    std::string m_role = "operator";
};

/// Who knows the host, and who is no longer allowed to.
class HostClientsCommand : public OneHostCommand {
public:
    std::string words() const override { return "host clients"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    std::optional<std::string> m_revoke;
};

/// What was done at a host, and by whom.
class HostAuditCommand : public OneHostCommand {
public:
    std::string words() const override { return "host audit"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    std::optional<std::uint64_t> m_from;
    std::optional<std::uint64_t> m_limit;
};

}  // namespace chancery::cli
