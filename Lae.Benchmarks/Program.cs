using BenchmarkDotNet.Running;
using Lae.Benchmarks;
using Lae.Benchmarks.Efficiency;
using Lae.Benchmarks.Growth;
using Lae.Benchmarks.Limits;
using Lae.Benchmarks.Logistic;
using Lae.Benchmarks.SideBySide;
using Lae.Benchmarks.Stan;

if (args is ["figures", ..])
{
    MatrixProductFigures.Print();
    return 0;
}

if (args is ["efficiency", ..])
{
    return EfficiencyTable.Run(args);
}

if (args is ["growth", ..])
{
    return GrowthTable.Run(args);
}

if (args is ["limits", ..])
{
    return LimitTable.Run(args);
}

if (args is ["logistic", ..])
{
    return LogisticTable.Run(args);
}

if (args is ["peers", ..])
{
    return PeerTable.Run(args);
}

if (args is ["paths", ..])
{
    return InstructionSets.Run();
}

if (args is ["serve", ..])
{
    return TurnServer.Run(args);
}

if (args is ["stan", ..])
{
    return StanTable.Run(args);
}

BenchmarkSwitcher.FromAssembly(typeof(MatrixProductBenchmarks).Assembly).Run(args);
return 0;
