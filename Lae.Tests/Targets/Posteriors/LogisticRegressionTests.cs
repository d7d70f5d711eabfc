using Lae.Kernels;
using Lae.Numerics;
using Lae.Numerics.Engines.Managed;
using Lae.Numerics.Engines.Reference;
using Lae.Randomness;
using Lae.Running;
using Lae.Targets;
using Lae.Tests.Kernels;

namespace Lae.Tests.Targets.Posteriors;

/// <summary>The posterior of a logistic regression against the formula in tensor operations, on every engine.</summary>
public sealed class LogisticRegressionTests
{
    private static readonly Prior[] Priors = [Prior.Normal(0, 10), Prior.StudentT(4, 0, 1), Prior.Flat];

    [Theory]
    [InlineData(50)]
    [InlineData(5000)]
    public void It_is_the_formula_in_tensor_operations(int rows)
    {
        (Tensor x, Tensor y) = Data(rows);
        Target target = LogisticRegression.Create(x, y, Priors).Target;
        Tensor u = GaussianProblem.Noise(3, 6, 3);
        Tensor logits = u.MatMul(x, transposeB: true);
        double[] value = (y * logits - logits.Softplus()).Sum(1).ToArray();
        double[] slope = (y - logits.Sigmoid()).MatMul(x).ToArray();
        foreach (Workspace workspace in new[] { Workspace.Default, Workspace.Unpooled(new ReferenceEngine()), Workspace.Pooled(new ManagedEngine(1)) })
        {
            LogDensityAndGradient found = target.Evaluate(u.CopyTo(workspace));
            for (int chain = 0; chain < 6; chain++)
            {
                double sum = 0;
                for (int j = 0; j < 3; j++)
                {
                    (double density, double derivative) = Priors[j].Evaluate(u.ElementAt((chain * 3) + j));
                    sum += density;
                    Assert.Equal(slope[(chain * 3) + j] + derivative, found.Gradient.ElementAt((chain * 3) + j), 1e-13 * rows);
                }

                Assert.Equal(1, found.LogDensity.ElementAt(chain) / (value[chain] + sum), 1e-13);
            }
        }
    }

    [Fact]
    public void A_run_is_the_same_on_one_thread_and_two_and_for_any_number_of_chains()
    {
        (Tensor x, Tensor y) = Data(9000);
        Kernel<LangevinState> kernel = MetropolisLangevin.Create(LogisticRegression.Create(x, y, Priors).Target, new LangevinSettings(2e-4));
        double[] one = Run(1, 5);
        Assert.Equal(one, Run(2, 5));
        Assert.Equal(one[..3], Run(2, 1));

        double[] Run(int threads, int chains) => ChainRunner.Run(
            kernel,
            RunState.Start(kernel, Tensor.Zeros(new Shape(chains, 3), DType.Float64), RandomKey.FromSeed(4)),
            new RunOptions(20, engine: new ManagedEngine(threads))).Final.State.Position.ToArray();
    }

    [Fact]
    public void A_proposal_beyond_all_numbers_is_rejected()
    {
        (Tensor x, Tensor y) = Data(100);
        Target target = LogisticRegression.Create(x, y, Priors).Target;
        double[] at = target.Evaluate(Tensor.FromArray([double.NaN, 0, 0, 1e200, 0, 0, 1, 0, 0], 3, 3)).LogDensity.ToArray();
        Assert.True(double.IsNaN(at[0]) && !double.IsFinite(at[1]) && double.IsFinite(at[2]));
    }

    private static (Tensor X, Tensor Y) Data(int rows)
    {
        double[] noise = [.. GaussianProblem.Normals(2, 1, rows).Row(0)];
        return (GaussianProblem.ToTensor(GaussianProblem.Normals(1, rows, 3)), Tensor.FromArray([.. noise.Select(value => value > 0.3 ? 1.0 : 0)]));
    }
}
