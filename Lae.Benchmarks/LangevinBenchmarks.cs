using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Numerics.Engines.Managed;
using Lae.Randomness;
using Lae.Running;
using Lae.Targets;

namespace Lae.Benchmarks;

/// <summary>100 ULA transitions of 1,000 chains on a 100-dimensional diagonal Gaussian in float32, through the runner; the peer is a PyTorch loop.</summary>
[Config(typeof(InProcess))]
public class LangevinBenchmarks
{
    private const int Chains = 1000;
    private const int Dimension = 100;
    private const int Transitions = 100;

    private RunState<LangevinState>? start;
    private Kernel<LangevinState>? kernel;
    private RunOptions? options;

    /// <summary>Threads of the engine.</summary>
    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Build()
    {
        Tensor precision = Tensor.FromArray([.. Enumerable.Range(0, Dimension).Select(i => 1 + (i / 10f))]);
        Target target = GaussianTarget.Diagonal(Tensor.Zeros(new Shape(Dimension), DType.Float32), precision);
        kernel = UnadjustedLangevin.Create(target, new LangevinSettings(0.01));
        start = RunState.Start(kernel, Tensor.Zeros(new Shape(Chains, Dimension), DType.Float32), RandomKey.FromSeed(1));
        options = new RunOptions(Transitions, engine: new ManagedEngine(Threads));
    }

    [Benchmark(OperationsPerInvoke = Transitions)]
    public long UnadjustedLangevinTransition() => ChainRunner.Run(kernel!, start!, options!, receive: null).Final.Step;

    internal sealed class InProcess : ManualConfig
    {
        public InProcess() => AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
    }
}
