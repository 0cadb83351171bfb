#include "tests/support/LayoutCheck.h"

#include <QtWidgets>

#include "tests/support/TestMain.h"
#include "ui/style/Theme.h"
#include "ui/widgets/Label.h"

namespace chancery::test {

/// The judge of all windows is judged here: it must see what it is for.
class LayoutCheckTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { ui::Theme::instance().applyTo(*qApp); }

    void aWindowOfLayoutsIsClean() {
        QWidget window;
        auto* layout = new QVBoxLayout(&window);
        layout->addWidget(new ui::Label("Some text"));
        layout->addWidget(new QPushButton("Press"));
        layout->addWidget(new QComboBox);
        layout->addWidget(new QLineEdit("x"));
        layout->addWidget(new QTableWidget(3, 3));
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        QCOMPARE(layoutComplaints(window), QStringList());
    }

    void cutTextIsSeen_data() {
        QTest::addColumn<QString>("kind");
        for (const auto* kind : {"QLabel", "Label", "QPushButton", "QCheckBox", "wrapped"}) {
            QTest::newRow(kind) << QString(kind);
        }
    }

    void cutTextIsSeen() {
        QFETCH(QString, kind);
        QWidget window;
        window.resize(300, 200);
        const QString text = "A text that is much too long for so little room";
        QWidget* child = nullptr;
        if (kind == "QLabel") child = new QLabel(text, &window);
        if (kind == "Label") child = new ui::Label(text, ui::Type::Body, ui::Tone::Text, &window);
        if (kind == "QPushButton") child = new QPushButton(text, &window);
        if (kind == "QCheckBox") child = new QCheckBox(text, &window);
        if (kind == "wrapped") {
            auto* label = new ui::Label(text, ui::Type::Body, ui::Tone::Text, &window);
            label->setWordWrap(true);
            child = label;
        }
        child->setObjectName("cut");
        child->setGeometry(10, 10, 100, 30);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        const QStringList complaints = layoutComplaints(window);
        QCOMPARE(complaints.size(), 1);
        QVERIFY2(complaints[0].contains("#cut") && complaints[0].contains("A text that"),
                 qPrintable(complaints[0]));
    }

    void textShortenedOnPurposeIsFine() {
        QWidget window;
        window.resize(300, 200);
        auto* label = new ui::Label("A text that is much too long for so little room",
                                    ui::Type::Body, ui::Tone::Text, &window);
        label->setElide(Qt::ElideRight);
        label->setGeometry(10, 10, 100, 20);
        window.show();
        QCOMPARE(layoutComplaints(window), QStringList());
    }

    void overlapsAreSeen() {
        QWidget window;
        window.resize(300, 200);
        auto* one = new QPushButton("one", &window);
        auto* other = new QPushButton("other", &window);
        one->setGeometry(10, 10, 100, 30);
        other->setGeometry(100, 30, 100, 30);
        window.show();
        QCOMPARE(layoutComplaints(window).size(), 1);
        QVERIFY(layoutComplaints(window).first().contains("lies on"));
        other->setProperty("overlay", true);
        QCOMPARE(layoutComplaints(window), QStringList());
        other->setProperty("overlay", false);
        other->hide();
        QCOMPARE(layoutComplaints(window), QStringList());
    }

    void childrenOutsideAreSeen() {
        QWidget window;
        window.resize(300, 200);
        auto* child = new QPushButton("out", &window);
        child->setGeometry(250, 10, 100, 30);
        window.show();
        QCOMPARE(layoutComplaints(window).size(), 1);
        QVERIFY(layoutComplaints(window).first().contains("sticks out"));
    }

    void whatScrollsMayBeLarger() {
        QScrollArea area;
        auto* content = new QWidget;
        content->setFixedSize(2000, 2000);
        area.setWidget(content);
        area.resize(200, 200);
        area.show();
        QCOMPARE(layoutComplaints(area), QStringList());
    }

    void placeholdersAndChoicesCount() {
        QWidget window;
        window.resize(300, 200);
        auto* edit = new QLineEdit(&window);
        edit->setPlaceholderText("A hint that is much too long for so little room");
        edit->setGeometry(10, 10, 100, 28);
        auto* combo = new QComboBox(&window);
        combo->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
        combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        combo->addItem("A choice that is much too long for so little room");
        combo->setGeometry(10, 60, 100, 28);
        window.show();
        QCOMPARE(layoutComplaints(window).filter("placeholder").size(), 1);
        QCOMPARE(layoutComplaints(window).filter("its choice").size(), 1);
    }
};

CHANCERY_TEST(LayoutCheckTest)

}  // namespace chancery::test

#include "LayoutCheckTest.moc"
