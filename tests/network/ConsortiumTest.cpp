#include <QTemporaryDir>
#include <nlohmann/json.hpp>

#include "src/base/File.h"
#include "src/process/Child.h"
#include "src/process/Command.h"
#include "tests/support/TestMain.h"

using namespace chancery;
namespace fs = std::filesystem;

namespace {

constexpr std::chrono::seconds kLong{120};  // never reached unless something is broken

struct Ran {
    int code = -1;
    std::string out, all;
};

/// A program until it ends; its lines.
Ran run(const fs::path& program, const std::vector<std::string>& arguments, const fs::path& folder,
        const std::string& input = {}) {
    Ran ran;
    auto child = process::Child::start({.program = program,
                                        .arguments = arguments,
                                        .environment = process::minimalEnvironment(),
                                        .folder = folder},
                                       {.line =
                                            [&](process::Stream stream, std::string_view line) {
                                                if (stream == process::Stream::Output)
                                                    ran.out += std::string(line) + "\n";
                                                ran.all += std::string(line) + "\n";
                                            },
                                        .ended = {}});
    if (!child.ok()) throw std::runtime_error(child.status().ToString());
    if (!input.empty() && !(*child)->write(input).ok()) throw std::runtime_error("no input");
    (*child)->closeInput();
    const auto ended = (*child)->waitEnd(deadlineIn(kLong));
    if (ended.ok()) ran.code = ended->code;
    child->reset();
    return ran;
}

/// A machine of its own: a network namespace with an agent, reached by a pair of virtual
/// interfaces. Needs root.
class FarMachine {
public:
    explicit FarMachine(const fs::path& folder) : m_folder(folder) {
        // Processes that live at the same time must not share a name or an address.
        const int number = ::getpid() % 250 + 1;
        m_name = fmt::format("chancery{}", ::getpid());
        const std::string here = fmt::format("ch{}a", ::getpid() % 100'000);
        const std::string there = fmt::format("ch{}b", ::getpid() % 100'000);
        m_address = fmt::format("10.213.{}.2", number);
        for (const std::string& line :
             {"netns add " + m_name, "link add " + here + " type veth peer name " + there,
              "link set " + there + " netns " + m_name,
              fmt::format("addr add 10.213.{}.1/30 dev {}", number, here),
              "link set " + here + " up",
              fmt::format("-n {} addr add {}/30 dev {}", m_name, m_address, there),
              fmt::format("-n {} link set {} up", m_name, there),
              fmt::format("-n {} link set lo up", m_name)})
            ip(line);
    }
    ~FarMachine() {
        m_agent.reset();
        // Takes the pair of interfaces along.
        static_cast<void>(run("/bin/sh", {"-c", "ip netns delete " + m_name}, m_folder));
    }

    void startAgent(const std::vector<std::string>& options) {
        std::vector<std::string> arguments{"netns",    "exec",
                                           m_name,     CHANCERY_AGENT,
                                           "--state",  (m_folder / "far/host").string(),
                                           "--listen", m_address + ":0"};
        arguments.insert(arguments.end(), options.begin(), options.end());
        fs::create_directories(m_folder / "far");
        auto child = process::Child::start({.program = program(),
                                            .arguments = arguments,
                                            .environment = process::minimalEnvironment(),
                                            .folder = m_folder});
        if (!child.ok()) throw std::runtime_error(child.status().ToString());
        m_agent = *std::move(child);
        const auto ready = m_agent->waitReady(deadlineIn(kLong));
        if (!ready.ok()) throw std::runtime_error(ready.status().ToString());
        const auto told = nlohmann::json::parse(*ready);
        m_endpoint = told.at("endpoints").at("grpc");
        if (m_endpoint.empty()) throw std::runtime_error("no endpoint in " + *ready);
    }
    const std::string& endpoint() const { return m_endpoint; }

private:
    static fs::path program() {
        const auto found = process::findProgram("ip");
        return found.ok() ? *found : fs::path("/sbin/ip");
    }
    void ip(const std::string& line) const {
        const Ran ran = run("/bin/sh", {"-c", program().string() + " " + line}, m_folder);
        if (ran.code != 0) throw std::runtime_error("ip " + line + ": " + ran.all);
    }

    const fs::path m_folder;
    std::string m_name, m_address, m_endpoint;
    std::unique_ptr<process::Child> m_agent;
};

}  // namespace

/// A consortium of banks with a regulator, from nothing to its end, by the commands alone: they
/// reach nodes through agents and their admin API. Once by the socket of an agent on this machine,
/// once by TLS with agent and nodes in another network namespace.
class ConsortiumTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_temporary;
    std::unique_ptr<FarMachine> m_far;
    std::string m_hosts;  // options of commands that make or start agents

    fs::path folder() const { return m_temporary->path().toStdString(); }

    Ran chanceryctl(const std::string& line) const {
        return run("/bin/bash", {"-c", "umask 077; exec " CHANCERYCTL " " + line}, folder());
    }
    /// Throws unless it succeeds.
    std::string good(const std::string& line) const {
        const Ran ran = chanceryctl(line);
        if (ran.code != 0) throw std::runtime_error(line + ": " + ran.all);
        return ran.out;
    }
    nlohmann::json told(const std::string& line) const {
        return nlohmann::json::parse(good(line + " -o json"));
    }

    /// The same program under another version's name.
    void makeOtherVersion() const {
        const fs::path place = folder() / "engines/0.0.1";
        fs::create_directories(place);
        const Status written = writeNewFile(
            place / "chancery-node",
            "#!/bin/sh\nif [ \"$1\" = --version ]; then echo 'chancery-node 0.0.1'; exit; fi\n"
            "exec " CHANCERY_NODE " \"$@\"\n",
            0755);
        if (!written.ok()) throw std::runtime_error(written.ToString());
    }

    void invoke(const std::string& call) const {
        good("contract invoke wallet " + call + " --network net");
    }
    std::string balance() const {
        return nlohmann::json::parse(good("contract query wallet GetAccount ann --network net"))
            .at("balance");
    }

private Q_SLOTS:
    void init() {
        m_temporary = std::make_unique<QTemporaryDir>();
        makeOtherVersion();
    }
    void cleanup() {
        m_far.reset();
        m_temporary.reset();
    }

    void fromNothingToTheEnd_data() {
        QTest::addColumn<bool>("isFar");
        QTest::newRow("by the socket") << false;
        // Whoever is not root cannot make network namespaces.
        if (::geteuid() == 0) QTest::newRow("by TLS from another namespace") << true;
    }
    void fromNothingToTheEnd() {
        QFETCH(bool, isFar);
        try {
            liveAndEnd(isFar);
        } catch (const std::exception& error) {
            QFAIL(error.what());
        }
    }

private:
    void liveAndEnd(bool isFar) {
        std::string places = " --engines engines";
        if (isFar) {
            m_far = std::make_unique<FarMachine>(folder());
            m_far->startAgent({"--engines", (folder() / "engines").string()});
            const auto code = told("host code far --for test --role administrator");
            VERIFY_OK(writeNewFile(folder() / "code", code.at("code").get<std::string>() + "\n"));
            good("host pair far " + m_far->endpoint() + " --code-fd 3 3<code");
            // Once.
            QVERIFY(
                chanceryctl("host pair again " + m_far->endpoint() + " --code-fd 3 3<code").code !=
                0);
            places += " --host all=far";
        }
        const auto began = std::chrono::steady_clock::now();
        good("network create --start --network net --topology bank-consortium" + places);
        invoke("Initialise EUR 2");
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
        qInfo("from nothing to the first transaction: %.2f s", took.count());
        invoke("OpenAccount ann Ann --user User1");
        QCOMPARE(balance(), std::string("0.00"));
        const auto nodes = told("node list --network net");
        QCOMPARE(nodes.size(), std::size_t(12));

        const auto stopping = std::chrono::steady_clock::now();
        good("network stop --network net");
        const std::chrono::duration<double> stopped = std::chrono::steady_clock::now() - stopping;
        qInfo("stopped everything in %.2f s", stopped.count());
        for (const auto& node : nodes)
            QVERIFY2(!fs::exists("/proc/" + std::to_string(node.at("process").get<int>())),
                     node.dump().c_str());
        QVERIFY(chanceryctl("network status --network net").code == 1);
        good("network start --detached --network net --engines engines");
        good("network status --network net");
        QCOMPARE(balance(), std::string("0.00"));

        upgradesAPeer();
        growsByAPeer();

        good("network delete --yes --network net");
        QVERIFY(!fs::exists(folder() / "net"));
    }

    void upgradesAPeer() {
        const std::string peer = "peer1.river-bank.example";
        good("node upgrade " + peer + " --to 0.0.1 --network net");
        const auto find = [&] {
            for (const auto& node : told("node list --network net"))
                if (node.at("node") == peer) return node;
            throw std::runtime_error("no peer");
        };
        QCOMPARE(find().at("version").get<std::string>(), std::string("0.0.1"));
        QCOMPARE(find().at("phase").get<std::string>(), std::string("running"));
        invoke("TopUp first ann 100.00 welcome");
        QCOMPARE(balance(), std::string("100.00"));
        good("node rollback " + peer + " --network net");
        QVERIFY(find().at("version").get<std::string>() != "0.0.1");
    }

    void growsByAPeer() {
        good("node add peer1 --org MeadowBank --network net");
        good(
            "contract query wallet GetAccount ann --network net --org MeadowBank --peer "
            "peer0.meadow-bank.example");
        // Repeating is no error.
        good("node add peer1 --org MeadowBank --network net");
        good("node remove peer1.meadow-bank.example --yes --network net");
        QCOMPARE(told("node list --network net").size(), std::size_t(12));
    }
};

CHANCERY_TEST(ConsortiumTest)
#include "ConsortiumTest.moc"
