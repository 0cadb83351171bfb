#include <QListView>
#include <QPushButton>
#include <QTemporaryDir>

#include "tests/support/LayoutCheck.h"
#include "tests/support/TestMain.h"
#include "ui/app/Connections.h"
#include "ui/bridge/GuiExecutor.h"
#include "ui/models/LedgerPageModel.h"
#include "ui/models/NetworkSession.h"
#include "ui/models/Settings.h"
#include "ui/pages/NodeInspector.h"
#include "ui/pages/OverviewPage.h"
#include "ui/pages/WelcomePage.h"
#include "ui/shell/Console.h"
#include "ui/shell/MainWindow.h"
#include "ui/widgets/Notice.h"
#include "ui/widgets/TopologyView.h"

using namespace chancery;
using namespace chancery::test;
using namespace chancery::ui;

namespace {

constexpr int kLong = 60000;  // milliseconds; never reached unless something is broken

}  // namespace

/// The console from its first start to a running consortium with traffic, by its own buttons.
class NetworkConsoleTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Settings> m_settings;
    std::unique_ptr<Connections> m_connections;
    std::unique_ptr<Console> m_console;

    MainWindow& window() { return m_console->window(); }
    NetworkSession& session() { return m_console->network(); }
    NetworkModel& model() { return *session().model(); }
    OverviewPage* page() { return static_cast<OverviewPage*>(window().builtPage("overview")); }
    quint64 height(const QString& node, const QString& channel) {
        const NodeRow* row = model().node(node);
        const NodeChannelRow* at = row == nullptr ? nullptr : row->channel(channel);
        return at == nullptr ? 0 : at->height;
    }
    void click(const char* name) {
        auto* button = window().findChild<QPushButton*>(QString::fromLatin1(name));
        QVERIFY2(button != nullptr && button->isEnabled(), name);
        button->click();
    }
    /// Those that are not well, and why.
    QString troubles() {
        QStringList lines;
        for (const OrganisationRow& organisation : model().organisations())
            for (const NodeRow& node : organisation.nodes)
                if (node.level != LedgerLevel::Good)
                    lines << node.name + ": " + node.state + ", " + node.problem;
        return lines.join('\n');
    }
    /// For people who look at it, when CHANCERY_PICTURES names a folder.
    void shoot(const char* name) {
        const QString folder = qEnvironmentVariable("CHANCERY_PICTURES");
        if (folder.isEmpty()) return;
        QCoreApplication::processEvents();  // what was built just now is laid out
        QCoreApplication::processEvents();
        QVERIFY(window().grab().save(folder + '/' + QString::fromLatin1(name) + ".png"));
    }
    bool waitFor(const std::function<bool()>& holds) { return QTest::qWaitFor(holds, kLong); }

private Q_SLOTS:
    void initTestCase() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_settings = std::make_unique<Settings>(m_folder->filePath("settings.ini"));
        m_settings->setLanguage("en");
        m_connections = std::make_unique<Connections>();
        // Tests lie in another folder than the programs.
        auto connectors = m_connections->connectors();
        connectors.agentProgram = CHANCERY_AGENT;
        m_console =
            std::make_unique<Console>(*static_cast<QApplication*>(qApp), *m_settings,
                                      m_folder->path(), QString(), Reach{.network = &connectors});
        m_console->show();
        window().resize(1440, 900);
    }

    void oneClickMakesAConsortium() {
        QCOMPARE(window().currentPage(), "welcome");
        QVERIFY(waitFor([&] {
            const auto* create = window().findChild<QPushButton*>("createNetwork");
            return session().preflight().known && create != nullptr && create->isVisible();
        }));
        QVERIFY2(layoutComplaints(window()).isEmpty(),
                 qPrintable(layoutComplaints(window()).join('\n')));
        shoot("real-welcome");
        click("createNetwork");
        QVERIFY(session().state() == NetworkSession::State::Creating);
        QVERIFY(waitFor([&] {
            const auto& steps = session().steps();
            return steps.size() > 3 && steps[3].state != NetworkStep::State::Waiting;
        }));
        shoot("real-steps");
        QVERIFY(waitFor([&] {
            return session().state() == NetworkSession::State::Open ||
                   session().state() == NetworkSession::State::Failed;
        }));
        QVERIFY2(session().state() == NetworkSession::State::Open,
                 qPrintable(session().failure() + session().failureDetails()));
        QCOMPARE(window().currentPage(), "overview");
        QVERIFY2(waitFor([&] { return model().nodeCount() > 0 && model().troubled() == 0; }),
                 qPrintable(troubles()));
        QCOMPARE(model().channels().size(), 2U);
        for (const NetworkStep& step : session().steps())
            QVERIFY2(step.state == NetworkStep::State::Done, qPrintable(step.text));
    }

    void blocksArrive() {
        const QString peer = "peer0.harbour-bank.example";
        QVERIFY2(model().node(peer) != nullptr, "no such peer");
        const quint64 before = height(peer, "settlement");
        QVERIFY(before > 0);
        QVERIFY(waitFor([&] { return height(peer, "settlement") > before + 1; }));
        QVERIFY(waitFor([&] { return model().blocksPerMinute() > 0; }));
        shoot("real-overview");
    }

    void aStoppedPeerIsToldAndCatchesUp() {
        const QString peer = "peer0.harbour-bank.example";
        page()->selectNode(peer);
        const quint64 before = height(peer, "settlement");
        click("stopNode");
        QVERIFY(waitFor([&] { return model().node(peer)->state == "Stopped"; }));
        const auto* notice = page()->findChild<Notice*>("nodeProblem");
        QVERIFY(waitFor([&] { return notice->isVisibleTo(page()); }));
        QVERIFY(waitFor([&] { return model().troubled() == 1; }));
        shoot("real-stopped");
        // Its last values stay, as of then; the others go on.
        QVERIFY(height(peer, "settlement") >= before);
        const quint64 others = model().channels()[0].height + model().channels()[1].height;
        QVERIFY(waitFor([&] {
            return model().channels()[0].height + model().channels()[1].height > others + 1;
        }));
        click("startNode");
        QVERIFY(waitFor([&] {
            const NodeRow* row = model().node(peer);
            return row->level == LedgerLevel::Good && row->channel("settlement") != nullptr &&
                   row->channel("settlement")->behind < 2;
        }));
        QVERIFY(waitFor([&] { return model().troubled() == 0; }));
    }

    void theLedgerPageVerifiesItsBlocks() {
        session().setSamples(false);
        click("verifyLedgers");
        QVERIFY(waitFor([&] {
            using Phase = usecase::LedgerStatus::Phase;
            return m_console->ledger().status().phase == Phase::Done &&
                   m_console->ledger().verification().fraction < 0;
        }));
        QCOMPARE(window().currentPage(), "ledger");
        QVERIFY(m_console->ledger().verification().level == LedgerLevel::Good);
        // Network and ledger are both open, each with a context of its own.
        QVERIFY(window().showPage("overview"));
    }

    void aClosedNetworkStartsAgainAsItWas() {
        const QString folder = session().folder();
        const quint64 before = model().channels()[0].height;
        session().close();
        QCOMPARE(window().currentPage(), "welcome");
        shoot("real-welcome-again");
        QVERIFY(!window().showPage("overview"));
        QVERIFY(waitFor([&] { return GuiExecutor::idle(); }));
        session().open(folder);
        QVERIFY2(waitFor([&] { return session().state() == NetworkSession::State::Open; }),
                 qPrintable(session().failure() + session().failureDetails()));
        QVERIFY(waitFor([&] {
            return !model().channels().empty() && model().troubled() == 0 &&
                   model().channels()[0].height >= before;
        }));
    }

    void cleanupTestCase() {
        m_console.reset();
        // What ends in the background needs its connections.
        (void)waitFor([] { return GuiExecutor::idle(); });
        m_connections.reset();
        m_settings.reset();
    }
};

CHANCERY_TEST(NetworkConsoleTest)
#include "NetworkConsoleTest.moc"
