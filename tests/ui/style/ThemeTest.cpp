#include "ui/style/Theme.h"

#include <QSignalSpy>
#include <QtWidgets>
#include "tests/support/TestMain.h"
#include "ui/style/Icons.h"
#include "ui/style/Paint.h"

namespace chancery::test {

using namespace ui;

class ThemeTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { Theme::instance().applyTo(*qApp); }

    void contrastIsWhatTheDesignPromises_data() {
        QTest::addColumn<int>("front");
        QTest::addColumn<int>("back");
        QTest::addColumn<double>("light");
        QTest::addColumn<double>("dark");
        const auto row = [](const char* name, Tone front, Tone back, double light, double dark) {
            QTest::newRow(name) << int(front) << int(back) << light << dark;
        };
        row("text", Tone::Text, Tone::Surface, 17.4, 14.8);
        row("text2", Tone::Text2, Tone::Surface, 8.3, 9.1);
        row("text3", Tone::Text3, Tone::Surface, 5.7, 6.4);
        row("text3 on selected", Tone::Text3, Tone::Selected, 4.7, 4.6);
        row("control", Tone::Control, Tone::Surface, 3.7, 3.8);
        row("control on window", Tone::Control, Tone::Window, 3.2, 4.1);
        row("accent", Tone::Accent, Tone::Surface, 7.4, 7.7);
        row("on accent", Tone::OnAccent, Tone::Accent, 7.4, 8.0);
        row("ok", Tone::Ok, Tone::Surface, 6.1, 8.8);
        row("ok on its back", Tone::Ok, Tone::OkBack, 5.3, 7.1);
        row("warn", Tone::Warn, Tone::Surface, 6.2, 9.0);
        row("warn on its back", Tone::Warn, Tone::WarnBack, 5.5, 7.4);
        row("error", Tone::Error, Tone::Surface, 6.3, 7.5);
        row("error on its back", Tone::Error, Tone::ErrorBack, 5.3, 6.5);
        row("info", Tone::Info, Tone::Surface, 6.5, 8.3);
        row("info on its back", Tone::Info, Tone::InfoBack, 5.5, 6.9);
        row("idle", Tone::Idle, Tone::Surface, 5.9, 6.8);
        row("idle on its back", Tone::Idle, Tone::IdleBack, 5.1, 5.5);
        row("text on chip", Tone::Text, Tone::Chip, 13.3, 10.5);
        row("text on band 1", Tone::Text, Tone::Band1, 14.7, 12.6);
        row("text on band 5", Tone::Text, Tone::Band5, 14.2, 13.2);
        row("series 1", Tone::Series1, Tone::Surface, 4.9, 6.9);
        row("series 2", Tone::Series2, Tone::Surface, 5.5, 6.7);
        row("series 3", Tone::Series3, Tone::Surface, 3.1, 11.8);
        row("series 4", Tone::Series4, Tone::Surface, 9.3, 4.3);
        row("series 5", Tone::Series5, Tone::Surface, 9.7, 3.9);
        row("series 6", Tone::Series6, Tone::Surface, 3.1, 11.6);
    }

    void contrastIsWhatTheDesignPromises() {
        QFETCH(int, front);
        QFETCH(int, back);
        Theme& theme = Theme::instance();
        for (const bool dark : {false, true}) {
            theme.setMode(dark ? Theme::Mode::Dark : Theme::Mode::Light);
            QCOMPARE(theme.isDark(), dark);
            const double ratio = contrastRatio(theme.color(Tone(front)), theme.color(Tone(back)));
            const double promised = promisedIn(dark);
            // The design gives one decimal.
            QVERIFY2(std::abs(ratio - promised) < 0.06,
                     qPrintable(QString("%1 instead of %2").arg(ratio).arg(promised)));
        }
    }

    void paintedTextPairsAreReadable() {
        // Pairs that our widgets draw and the table of the design does not name.
        const std::vector<std::pair<Tone, Tone>> pairs = {
            {Tone::Text, Tone::SelectedRow},    {Tone::Text2, Tone::SelectedRow},
            {Tone::Text, Tone::Hover},          {Tone::Text2, Tone::Hover},
            {Tone::Text3, Tone::Subtle},        {Tone::Accent, Tone::Selected},
            {Tone::Surface, Tone::Error},       {Tone::Text, Tone::Added},
            {Tone::Text, Tone::Removed},        {Tone::Text, Tone::Changed},
            {Tone::Error, Tone::SelectedRow},   {Tone::Warn, Tone::SelectedRow},
            {Tone::OnAccent, Tone::AccentHover}};
        for (const auto mode : {Theme::Mode::Light, Theme::Mode::Dark}) {
            Theme::instance().setMode(mode);
            for (const auto& [front, back] : pairs) {
                const double ratio =
                    contrastRatio(Theme::instance().color(front), Theme::instance().color(back));
                QVERIFY2(
                    ratio >= 4.5,
                    qPrintable(QString("%1 on %2: %3").arg(int(front)).arg(int(back)).arg(ratio)));
            }
        }
    }

    void aChangeReachesPaletteSheetAndWidgets() {
        Theme& theme = Theme::instance();
        theme.setMode(Theme::Mode::Light);
        QPushButton button("Verify again");
        button.move(300, 300);  // not under the pointer, which would light it up
        button.show();
        QVERIFY(QTest::qWaitForWindowExposed(&button));
        const QImage light = button.grab().toImage();
        QSignalSpy changed(&theme, &Theme::changed);
        theme.setMode(Theme::Mode::Dark);
        QCOMPARE(changed.count(), 1);
        QCOMPARE(QApplication::palette().color(QPalette::Window), theme.color(Tone::Surface));
        QVERIFY(qApp->styleSheet().contains(theme.color(Tone::ScrollBar).name()));
        QVERIFY(!qApp->styleSheet().contains('@'));
        const QImage dark = button.grab().toImage();
        QVERIFY(light != dark);
        QCOMPARE(dark.pixelColor(4, dark.height() / 2), theme.color(Tone::Surface));
        theme.setMode(Theme::Mode::Dark);
        QCOMPARE(changed.count(), 1);
    }

    void systemFollowsTheDesktop() {
        Theme& theme = Theme::instance();
        theme.setMode(Theme::Mode::Light);
        theme.setMode(Theme::Mode::System);
        // The platform of the tests has a light palette and no portal.
        QVERIFY(!theme.isDark());
    }

    void fontsAreInPointsOfPixels() {
        const Theme& theme = Theme::instance();
        QCOMPARE(theme.font(Type::Body).pointSizeF(), 13 * 72 / 96.0);
        QCOMPARE(theme.font(Type::Axis).pointSizeF(), 10.5 * 72 / 96.0);
        QCOMPARE(theme.font(Type::PageTitle).weight(), QFont::DemiBold);
        QVERIFY(theme.font(Type::Body).families().contains("Noto Sans CJK SC"));
        // Bundled, so it is there on every machine.
        const QFontInfo mono(theme.font(Type::Mono));
        QCOMPARE(mono.family(), QString("JetBrains Mono"));
        QVERIFY(mono.fixedPitch());
        QVERIFY(QFontDatabase::styles("JetBrains Mono").contains("SemiBold"));
    }

    void rowsFollowDensity() {
        Theme& theme = Theme::instance();
        theme.setDensity(Theme::Density::Compact);
        QCOMPARE(theme.rowHeight(), 24);
        theme.setDensity(Theme::Density::Comfortable);
        QCOMPARE(theme.rowHeight(), 34);
        theme.setDensity(Theme::Density::Normal);
        QCOMPARE(theme.rowHeight(), 28);
    }

    void seriesDifferInDashAndOrganisationsInColour() {
        const Theme& theme = Theme::instance();
        QSet<QVector<qreal>> dashes;
        QSet<int> tones;
        for (int i = 0; i < 6; ++i) {
            dashes << theme.dash(i + 1);
            tones << int(theme.seriesTone(i));
        }
        QCOMPARE(dashes.size(), 6);
        QCOMPARE(tones.size(), 6);
        QCOMPARE(theme.seriesTone(0), Tone::Series4);
        QCOMPARE(theme.seriesTone(6), theme.seriesTone(0));
        QVERIFY(channelBrush(0).style() == Qt::SolidPattern);
        QVERIFY(channelBrush(1).style() != Qt::SolidPattern);
    }

    void figuresHaveEqualWidth() {
        const QFontMetricsF metrics(Theme::instance().font(Type::Table));
        QCOMPARE(tabularWidth(metrics, "1,111"), tabularWidth(metrics, "8,888"));
        QVERIFY(tabularWidth(metrics, "1,111") >= metrics.horizontalAdvance("1,111"));
    }

private:
    static double promisedIn(bool dark) {
        double value = 0;
        if (dark) {
            [&] {
                QFETCH(double, dark);
                value = dark;
            }();
        } else {
            [&] {
                QFETCH(double, light);
                value = light;
            }();
        }
        return value;
    }
};

CHANCERY_TEST(ThemeTest)

}  // namespace chancery::test

#include "ThemeTest.moc"
