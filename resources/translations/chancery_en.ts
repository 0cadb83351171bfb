<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>LedgerText</name>
    <message numerus="yes">
        <source>%n byte(s): %1</source>
        <translation>
            <numerusform>%n byte: %1</numerusform>
            <numerusform>%n bytes: %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TopologyWords</name>
    <message numerus="yes">
        <source>%n process(es)</source>
        <translation>
            <numerusform>%n process</numerusform>
            <numerusform>%n processes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TransactionView</name>
    <message numerus="yes">
        <source>all %n</source>
        <translation>
            <numerusform>all %n</numerusform>
            <numerusform>all %n</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>any one of %n</source>
        <translation>
            <numerusform>any one of %n</numerusform>
            <numerusform>any one of %n</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>… %n more</source>
        <translation>
            <numerusform>… %n more</numerusform>
            <numerusform>… %n more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Signed by %n orderer(s)</source>
        <translation>
            <numerusform>Signed by %n orderer</numerusform>
            <numerusform>Signed by %n orderers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n transaction(s)</source>
        <translation>
            <numerusform>%n transaction</numerusform>
            <numerusform>%n transactions</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n invalid</source>
        <translation>
            <numerusform>%n invalid</numerusform>
            <numerusform>%n invalid</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n invalid (judged here)</source>
        <translation>
            <numerusform>%n invalid (judged here)</numerusform>
            <numerusform>%n invalid (judged here)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>chancery::ui::ActivityPanel</name>
    <message numerus="yes">
        <source>Operations  %n running</source>
        <translation>
            <numerusform>Operations  %n running</numerusform>
            <numerusform>Operations  %n running</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>chancery::ui::CloseDialog</name>
    <message numerus="yes">
        <source>Stop %n operations and close?</source>
        <translation>
            <numerusform>Stop %n operation and close?</numerusform>
            <numerusform>Stop %n operations and close?</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>chancery::ui::ContextBar</name>
    <message numerus="yes">
        <source>Notifications, %n unread</source>
        <translation>
            <numerusform>Notifications, %n unread</numerusform>
            <numerusform>Notifications, %n unread</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>chancery::ui::DemoPane</name>
    <message numerus="yes">
        <source>%n organisation(s)</source>
        <translation>
            <numerusform>%n organisation</numerusform>
            <numerusform>%n organisations</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n peer(s)</source>
        <translation>
            <numerusform>%n peer</numerusform>
            <numerusform>%n peers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n orderer(s)</source>
        <translation>
            <numerusform>%n orderer</numerusform>
            <numerusform>%n orderers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n channel(s)</source>
        <translation>
            <numerusform>%n channel</numerusform>
            <numerusform>%n channels</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>chancery::ui::LedgerExports</name>
    <message numerus="yes">
        <source>%n block(s) read</source>
        <translation>
            <numerusform>%n block read</numerusform>
            <numerusform>%n blocks read</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Evidence of %n transaction(s) written</source>
        <translation>
            <numerusform>Evidence of %n transaction written</numerusform>
            <numerusform>Evidence of %n transactions written</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>chancery::ui::LedgerPageModel</name>
    <message numerus="yes">
        <source>%n block(s) read</source>
        <translation>
            <numerusform>%n block read</numerusform>
            <numerusform>%n blocks read</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 and %n more</source>
        <translation>
            <numerusform>%1 and %n more</numerusform>
            <numerusform>%1 and %n more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Blocks %1 to %2 hold, %n warning(s)</source>
        <translation>
            <numerusform>Blocks %1 to %2 hold, %n warning</numerusform>
            <numerusform>Blocks %1 to %2 hold, %n warnings</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>chancery::ui::LedgerPaletteProvider</name>
    <message numerus="yes">
        <source>%n found</source>
        <translation>
            <numerusform>%n found</numerusform>
            <numerusform>%n found</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>chancery::ui::NewBlocks</name>
    <message numerus="yes">
        <source>%n new block(s)</source>
        <translation>
            <numerusform>%n new block</numerusform>
            <numerusform>%n new blocks</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>chancery::ui::OverviewPage</name>
    <message numerus="yes">
        <source>%n organisation(s)</source>
        <translation>
            <numerusform>%n organisation</numerusform>
            <numerusform>%n organisations</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n node(s)</source>
        <translation>
            <numerusform>%n node</numerusform>
            <numerusform>%n nodes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n channel(s)</source>
        <translation>
            <numerusform>%n channel</numerusform>
            <numerusform>%n channels</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>chancery::ui::ReadWriteModel</name>
    <message numerus="yes">
        <source>%n read(s)</source>
        <translation>
            <numerusform>%n read</numerusform>
            <numerusform>%n reads</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n write(s)</source>
        <translation>
            <numerusform>%n write</numerusform>
            <numerusform>%n writes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>range, %n result(s)</source>
        <translation>
            <numerusform>range, %n result</numerusform>
            <numerusform>range, %n results</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>chancery::ui::RecentLedgers</name>
    <message numerus="yes">
        <source>%n blocks</source>
        <translation>
            <numerusform>%n block</numerusform>
            <numerusform>%n blocks</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n errors</source>
        <translation>
            <numerusform>%n error</numerusform>
            <numerusform>%n errors</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>chancery::ui::StreamStatus</name>
    <message numerus="yes">
        <source>%n s</source>
        <translation>
            <numerusform>%n s</numerusform>
            <numerusform>%n s</numerusform>
        </translation>
    </message>
</context>
</TS>
