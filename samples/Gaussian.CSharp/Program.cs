using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Running;
using Lae.Targets;

Tensor mean = Tensor.FromArray([1.0, -2.0]);
Tensor precision = Tensor.FromArray([2.0, 0.6, 0.6, 1.0], 2, 2);
Target target = GaussianTarget.Dense(mean, precision);
Kernel<LangevinState> kernel = MetropolisLangevin.Create(target, new LangevinSettings(stepSize: 0.5));
Tensor start = Tensor.Zeros(new Shape(1000, 2), DType.Float64); // 1,000 chains, a row each
RunResult<LangevinState> run = ChainRunner.Run(kernel, RunState.Start(kernel, start, RandomKey.FromSeed(1)), new RunOptions(transitions: 500));
Tensor draws = run.Positions().Slice(0, 100, 400).Reshape(-1, 2); // [draws · chains, dimension]
Console.WriteLine($"mean {draws.Mean(0)}, acceptance {run.Draws[^1].Info.MeanAcceptance:F2}");
