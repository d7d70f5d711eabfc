using BenchmarkDotNet.Running;
using Lae.Benchmarks;

if (args is ["figures", ..])
{
    MatrixProductFigures.Print();
    return 0;
}

BenchmarkSwitcher.FromAssembly(typeof(MatrixProductBenchmarks).Assembly).Run(args);
return 0;
