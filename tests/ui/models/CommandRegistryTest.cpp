#include "ui/models/CommandRegistry.h"

#include <QSignalSpy>

#include "tests/support/TestMain.h"

using namespace chancery::ui;

class CommandRegistryTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void anActionCarriesTextKeysAndTooltip() {
        CommandRegistry commands;
        int ran = 0;
        QAction* action = commands.add({"ledger.verify",
                                        "Verify again",
                                        "refresh",
                                        QKeySequence(Qt::CTRL | Qt::Key_R),
                                        "ledger",
                                        "chanceryctl ledger verify",
                                        {},
                                        [&] { ++ran; }});
        QCOMPARE(action->toolTip(), "Verify again  Ctrl+R");
        QCOMPARE(action->shortcut(), QKeySequence(Qt::CTRL | Qt::Key_R));
        QSignalSpy spy(&commands, &CommandRegistry::ran);
        action->trigger();
        QCOMPARE(ran, 1);
        QCOMPARE(spy.size(), 1);
        QVERIFY(commands.run("ledger.verify"));
        QVERIFY(!commands.run("nothing"));
        QCOMPARE(ran, 2);
    }

    void addingAgainReplaces() {
        CommandRegistry commands;
        QAction* first = commands.add({"a", "Old", "", {}, "", "", {}, {}});
        QAction* second = commands.add({"a", "New", "", {}, "", "", {}, {}});
        QCOMPARE(first, second);
        QCOMPARE(second->text(), "New");
        QCOMPARE(commands.commands().size(), 1U);
        commands.remove("a");
        QVERIFY(commands.find("a") == nullptr);
        QVERIFY(commands.action("a") == nullptr);
    }

    void aBlockedCommandSaysWhyAndDoesNothing() {
        CommandRegistry commands;
        QString reason = "Needs the Node operator role";
        int ran = 0;
        commands.add({"a", "Restart", "", {}, "", "", [&] { return reason; }, [&] { ++ran; }});
        commands.refresh();
        QVERIFY(!commands.action("a")->isEnabled());
        QVERIFY(commands.action("a")->toolTip().contains(reason));
        QVERIFY(!commands.run("a"));
        QCOMPARE(ran, 0);
        reason.clear();
        commands.refresh();
        QVERIFY(commands.action("a")->isEnabled());
        QCOMPARE(commands.action("a")->toolTip(), "Restart");
        QVERIFY(commands.run("a"));
    }

    void aCommandMayRemoveItself() {
        CommandRegistry commands;
        commands.add({"a", "Close", "", {}, "", "", {}, [&] { commands.remove("a"); }});
        QVERIFY(commands.run("a"));
        QVERIFY(commands.commands().empty());
    }
};

CHANCERY_TEST(CommandRegistryTest)
#include "CommandRegistryTest.moc"
