using Lae.Kernels;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Tests.Kernels.Mutants;

/// <summary>Replica exchange over MALA with one bug each, which exact-start tests and laws must see.</summary>
public static class ReplicaExchangeMutants
{
    /// <summary>The bugs.</summary>
    public enum Bug
    {
        /// <summary>None: the control.</summary>
        None,

        /// <summary>The swap ratio with the other sign.</summary>
        SwapRatioFlipped,

        /// <summary>No swap ratio: neighbours always swap.</summary>
        AlwaysSwaps,

        /// <summary>MALA that always accepts inside.</summary>
        InnerAlwaysAccepts,

        /// <summary>Positions are swapped and their log densities and gradients stay behind.</summary>
        CachesStay,

        /// <summary>The ratio of energies over both temperatures of the pair, without the difference of 1/T.</summary>
        TemperatureForInverse,
    }

    /// <summary>The kernel with a bug.</summary>
    public static Kernel<ReplicaExchangeState<LangevinState>> Create(Target target, IReadOnlyList<double> temperatures, double stepSize, Bug bug)
    {
        Kernel<LangevinState>[] kernels = [.. temperatures.Select(t => bug == Bug.InnerAlwaysAccepts
            ? LangevinMutants.Adjusted(target, new LangevinSettings(stepSize, t), LangevinMutants.AdjustedBug.AlwaysAccept)
            : MetropolisLangevin.Create(target, new LangevinSettings(stepSize, t)))];
        Kernel<ReplicaExchangeState<LangevinState>> correct = ReplicaExchange.Create(temperatures, t => kernels[IndexOf(t)]);
        return new Kernel<ReplicaExchangeState<LangevinState>>(
            $"replica exchange with {bug}", target.Dimension, target.DType, correct.Initialize, correct.Refresh, correct.DrawNoise, Advance);

        int IndexOf(double temperature) => temperatures.ToList().IndexOf(temperature);

        Transition<ReplicaExchangeState<LangevinState>> Advance(Noise noise, ReplicaExchangeState<LangevinState> state)
        {
            LangevinState[] replicas = [.. kernels.Select((kernel, k) => kernel.Advance(noise.Parts[k], state.Replicas[k]).State)];
            for (int i = (int)(noise.Step % 2); i < replicas.Length - 1; i += 2)
            {
                (LangevinState cold, LangevinState hot) = (replicas[i], replicas[i + 1]);
                double difference = bug == Bug.TemperatureForInverse ? temperatures[i + 1] - temperatures[i] : (1 / temperatures[i]) - (1 / temperatures[i + 1]);
                Tensor ratio = (hot.LogDensity - cold.LogDensity) * (bug == Bug.SwapRatioFlipped ? -difference : difference);
                Tensor accepted = bug == Bug.AlwaysSwaps ? Tensor.Ones(ratio.Shape, ratio.DType) : Elementwise.Greater(ratio, noise[i / 2].Log());
                replicas[i] = StateOperations.ChooseRows(accepted, hot, cold);
                replicas[i + 1] = StateOperations.ChooseRows(accepted, cold, hot);
                if (bug == Bug.CachesStay)
                {
                    replicas[i] = cold with { Position = replicas[i].Position };
                    replicas[i + 1] = hot with { Position = replicas[i + 1].Position };
                }
            }

            return new Transition<ReplicaExchangeState<LangevinState>>(new ReplicaExchangeState<LangevinState>(replicas), new StepInfo(temperatures.Count));
        }
    }
}
